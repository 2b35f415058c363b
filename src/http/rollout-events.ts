/**
 * `GET /rollouts/:flag/events`: rollout and experiment, pushed (Server-Sent Events, WHATWG HTML §9.2).
 *
 * Both documents at once, then each again when it has changed. All connections of a node share one look a second at
 * each flag, and nobody looks while nobody listens. When the rollout was read last moves all the time; that alone is
 * told only every ten seconds.
 */
import type { RequestHandler, Response } from 'express';
import type { RolloutDesk, RolloutDocument } from '../rollouts/desk.ts';
import { streamPlaces } from './admission/stream-places.ts';
import { callerOf } from './authentication.ts';
import { beginEventStream } from './event-stream.ts';
import { parse } from './parse.ts';
import type { HttpParts } from './parts.ts';
import { flagUnknown } from './problem.ts';
import { FlagParams } from './rollout-schemas.ts';

const LOOK_MS = 1_000;
const ALIVE_MS = 10_000;
const PLACES = { perNode: 500, perCaller: 20 };
/** A page that doesn't read is not buffered for: it is cut off and may come back. */
const MAX_UNREAD_BYTES = 1024 * 1024;

type Documents = Readonly<
  Record<'rollout' | 'experiment', { readonly json: string; readonly changed: string }>
>;
type Listener = (documents: Documents) => void;

export function rolloutEvents({ desk, log }: HttpParts): RequestHandler {
  const watch = watchFlags(desk, (error) => log('warn', 'a rollout could not be read', { err: error }));
  const places = streamPlaces(PLACES);
  return async (request, response) => {
    const { flag } = parse(FlagParams, request.params, 'path');
    const giveBack = places.take(callerOf(request).subject);
    response.on('close', giveBack);
    const first = await read(desk, flag);
    if (first === null) throw flagUnknown(flag);
    const endPings = beginEventStream(request, response);
    const send = sender(response);
    send(first);
    const unwatch = watch(flag, send);
    response.on('close', () => {
      unwatch();
      endPings();
    });
  };
}

function sender(response: Response): Listener {
  const sent = { rollout: '', experiment: '' };
  const sentAt = { rollout: 0, experiment: 0 };
  return (documents) => {
    for (const name of ['rollout', 'experiment'] as const) {
      const { json, changed } = documents[name];
      const due = name === 'rollout' && performance.now() - sentAt[name] >= ALIVE_MS;
      if (sent[name] === changed && !due) continue;
      sent[name] = changed;
      sentAt[name] = performance.now();
      response.write(`event: ${name}\ndata: ${json}\n\n`);
    }
    if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
  };
}

async function read(desk: RolloutDesk, flag: string): Promise<Documents | null> {
  const [rollout, experiment] = await Promise.all([desk.rollout(flag), desk.experiment(flag)]);
  if (rollout === null) return null;
  const json = JSON.stringify(experiment);
  return {
    rollout: { json: JSON.stringify(rollout), changed: JSON.stringify(withoutClock(rollout)) },
    experiment: { json, changed: json },
  };
}

function withoutClock(rollout: RolloutDocument): object {
  return { ...rollout, effect: { ...rollout.effect, checkedAt: null } };
}

/** Gives a function that listens to a flag, until what it returns is called. */
function watchFlags(desk: RolloutDesk, onError: (error: unknown) => void) {
  const watched = new Map<string, { readonly listeners: Set<Listener>; readonly stop: () => void }>();

  function begin(flag: string) {
    const listeners = new Set<Listener>();
    let looking = false;
    const timer = setInterval(async () => {
      if (looking) return; // a slow database is not asked twice at once
      looking = true;
      try {
        const documents = await read(desk, flag);
        if (documents !== null) for (const listener of [...listeners]) listener(documents);
      } catch (error) {
        onError(error);
      } finally {
        looking = false;
      }
    }, LOOK_MS);
    const group = { listeners, stop: () => clearInterval(timer) };
    watched.set(flag, group);
    return group;
  }

  return (flag: string, listener: Listener): (() => void) => {
    const group = watched.get(flag) ?? begin(flag);
    group.listeners.add(listener);
    return () => {
      group.listeners.delete(listener);
      if (group.listeners.size > 0) return;
      group.stop();
      if (watched.get(flag) === group) watched.delete(flag);
    };
  };
}
