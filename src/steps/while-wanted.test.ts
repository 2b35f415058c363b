import { describe, expect, it } from '@jest/globals';
import type { Listener } from '../sessions/changes.ts';
import { NoLongerWanted, whileWanted } from './while-wanted.ts';

/** Work that goes on until it is ended, by a session that the test changes. */
function working(isWanted: () => Promise<boolean> = async () => false) {
  const listeners = new Set<Listener>();
  const changes = {
    listen(_sessionId: string, listener: Listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const node = new AbortController();
  const done = Promise.withResolvers<string>();
  const result = whileWanted({ sessionId: 's', changes, isWanted, signal: node.signal }, async (signal) => {
    signal.addEventListener('abort', () => done.reject(signal.reason));
    return done.promise;
  });
  const happened = (...types: string[]) => {
    for (const listener of listeners) listener(types.length === 0 ? null : new Set(types));
  };
  return { result, happened, node, done, listeners };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('work for a session', () => {
  it.each(['SessionErased', 'SessionExpired', 'SessionFailed', 'UploadFellBack', 'TranscriptAssembled'])(
    'is given up after %s when it is not waited for any more',
    async (type) => {
      const { result, happened, listeners } = working();
      happened('ChunkReceived', type);
      await expect(result).rejects.toBeInstanceOf(NoLongerWanted);
      expect(listeners.size).toBe(0);
    },
  );

  it('is given up too when it is not known what happened', async () => {
    const { result, happened } = working();
    happened();
    await expect(result).rejects.toBeInstanceOf(NoLongerWanted);
  });

  it('goes on while it is waited for', async () => {
    const { result, happened, done } = working(async () => true);
    happened('TranscriptAssembled');
    await settled();
    done.resolve('heard');
    expect(await result).toBe('heard');
  });

  it('goes on, and nothing is looked up, after what cannot end it', async () => {
    const { result, happened, done } = working(async () => {
      throw new Error('nobody should ask');
    });
    happened('ChunkReceived', 'WindowTranscribed');
    await settled();
    done.resolve('heard');
    expect(await result).toBe('heard');
  });

  it('goes on while the log is away', async () => {
    const { result, happened, done } = working(() => Promise.reject(new Error('away')));
    happened('SessionErased');
    await settled();
    done.resolve('heard');
    expect(await result).toBe('heard');
  });

  it('ends with the node, for the node’s reason', async () => {
    const { result, node } = working();
    const reason = new Error('the node stops');
    node.abort(reason);
    await expect(result).rejects.toBe(reason);
  });
});
