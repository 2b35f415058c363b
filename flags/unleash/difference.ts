/** What has to be done in Unleash for the flag to be as `definition.ts` says: wanted × found → changes, each in plain words. */
import { isDeepStrictEqual } from 'node:util';
import type { FlagEffect, FlagProblem } from '../flag-control.ts';
import { CHUNKED_UPLOAD } from '../flags.ts';
import {
  ROLES,
  type Role,
  SEGMENT,
  SEGMENT_USERS,
  type WantedStrategy,
  wantedStrategy,
} from './definition.ts';
import type { Found, FoundSegment, FoundStrategy } from './found-flag.ts';
import { internalStrategy, percentOf, rolloutStrategy } from './known-strategies.ts';
import { DEFAULT_SETTINGS, readSettings } from './upload-settings.ts';

/** One call to Unleash. */
export type Step =
  | { readonly type: 'create-flag' | 'revive-flag' | 'turn-on' }
  | { readonly type: 'put-segment'; readonly id: number | null; readonly users: readonly string[] }
  | {
      readonly type: 'put-strategy';
      readonly id: string | null;
      readonly role: Role;
      readonly strategy: WantedStrategy;
      readonly disabled: boolean;
    }
  | { readonly type: 'order-strategies'; readonly ids: readonly string[] }
  | { readonly type: 'remove-strategy'; readonly id: string };

export type Change = {
  /** Null for the percentage alone: moving it mends nothing. */
  readonly problem: FlagProblem | null;
  /** For a person: what is, and what is done about it. */
  readonly words: string;
  /** Null: others come first; it shows again once they are done. */
  readonly step: Step | null;
  /** Gives the flag to people who do not have it now, because somebody has switched it off. */
  readonly turnsOn: boolean;
};

export type Wanted = {
  readonly environment: string;
  /** Null: as it is. */
  readonly percent: number | null;
  /** Where a rollout strategy that is not there begins. */
  readonly percentWhenNew: number;
};

/** In the order in which to do them: who has the flag is right before it is on, and the percentage before anything else. */
export function difference(wanted: Wanted, { flag, segment }: Found): readonly Change[] {
  const ofSegment = segmentChanges(segment);
  if (flag.state === 'missing') {
    const words = `there is no flag ${CHUNKED_UPLOAD}: it is made, at ${wanted.percent ?? wanted.percentWhenNew} %`;
    return [change('flag_missing', words, { type: 'create-flag' }), ...ofSegment];
  }
  if (flag.state === 'archived') {
    const words = `the flag ${CHUNKED_UPLOAD} is archived: it is revived`;
    return [change('flag_archived', words, { type: 'revive-flag' }, true), ...ofSegment];
  }
  const rollout = rolloutStrategy(flag.strategies);
  const internal = internalStrategy(flag.strategies);
  const percent = wanted.percent ?? (rollout === null ? wanted.percentWhenNew : (percentOf(rollout) ?? 0));
  const given = { percent, segmentId: segment?.id ?? null };
  const changes = [
    ...strategyChanges('chunked', rollout, given),
    ...ofSegment,
    ...strategyChanges('internal', internal, given),
    ...orderChanges(flag.strategies, internal, rollout),
    ...flag.strategies
      .filter((each) => each !== rollout && each !== internal)
      .map(({ id, name }) =>
        change('strategy_added', `a strategy that is not ours (${name}) is there: it is removed`, {
          type: 'remove-strategy',
          id,
        }),
      ),
  ];
  if (!flag.enabled) {
    const step = changes.length === 0 ? ({ type: 'turn-on' } as const) : null;
    changes.push(
      change('flag_disabled', `the flag is off in ${wanted.environment}: it is turned on`, step, true),
    );
  }
  return changes;
}

/** What is otherwise than `definition.ts` says and meant to stay: a payload that somebody has tuned. */
export function tunedPayloads({ flag }: Found): readonly string[] {
  if (flag.state !== 'present') return [];
  return [rolloutStrategy(flag.strategies), internalStrategy(flag.strategies)].flatMap((strategy) => {
    const settings = readSettings(strategy?.variants[0]?.payload ?? undefined);
    if (settings === null || isDeepStrictEqual(settings, DEFAULT_SETTINGS)) return [];
    return [
      `the payload of "${strategy?.variants[0]?.name}" is tuned to ${JSON.stringify(settings)}: it is kept`,
    ];
  });
}

/** What is in force, for the port. */
export function effectOf(found: Found): FlagEffect {
  const { flag } = found;
  const rollout = flag.state === 'present' ? rolloutStrategy(flag.strategies) : null;
  const changes = difference({ environment: '', percent: null, percentWhenNew: 0 }, found);
  const problems = new Set(changes.flatMap(({ problem }) => (problem === null ? [] : [problem])));
  if (tunedPayloads(found).length > 0) problems.add('payload_changed');
  return {
    percent: rollout === null || rollout.disabled === true ? null : percentOf(rollout),
    enabled: flag.state === 'present' && flag.enabled,
    problems: [...problems],
  };
}

function segmentChanges(segment: FoundSegment | null): Change[] {
  if (segment === null) {
    const step = { type: 'put-segment', id: null, users: SEGMENT_USERS } as const;
    return [change('segment_missing', `there is no segment ${SEGMENT}: it is made`, step)];
  }
  const lists = segment.constraints.filter(isListOfUsers);
  const users = lists.flatMap(({ values }) => values);
  const lacking = SEGMENT_USERS.filter((user) => !users.includes(user));
  const isList = lists.length === 1 && segment.constraints.length === 1;
  if (isList && lacking.length === 0) return [];
  const words = isList
    ? `the segment ${SEGMENT} lacks ${lacking.join(', ')}: added`
    : `the segment ${SEGMENT} is no list of users: it is made one`;
  const step = { type: 'put-segment', id: segment.id, users: [...new Set([...users, ...lacking])] } as const;
  return [change('segment_changed', words, step)];
}

const isListOfUsers = ({ contextName, operator, inverted }: FoundSegment['constraints'][number]) =>
  contextName === 'userId' && operator === 'IN' && inverted !== true;

function strategyChanges(
  role: Role,
  found: FoundStrategy | null,
  given: { readonly percent: number; readonly segmentId: number | null },
): Change[] {
  const payload = found?.variants.find(({ name }) => name === role)?.payload ?? null;
  const strategy = wantedStrategy(role, { ...given, payload });
  // A strategy of the internal developers without its segment would be one for everybody.
  const put = (id: string | null, disabled: boolean): Step | null =>
    role === 'internal' && given.segmentId === null
      ? null
      : { type: 'put-strategy', id, role, strategy, disabled };
  if (found === null) {
    const words = `there is no strategy "${role}": it is made, at ${strategy.parameters.rollout} %`;
    return [change('strategy_missing', words, put(null, false), role === 'chunked')];
  }
  const changes: Change[] = [];
  const amiss = differsIn(found, strategy);
  const disabled = found.disabled === true;
  if (amiss.length > 0) {
    const words = `the strategy "${role}" differs in ${amiss.join(', ')}: mended`;
    changes.push(change('strategy_changed', words, put(found.id, disabled)));
  }
  if (readSettings(payload ?? undefined) === null) {
    const words = `the payload of "${role}" cannot be used: it is replaced`;
    changes.push(change('payload_invalid', words, put(found.id, disabled)));
  }
  if (disabled) {
    const words = `the strategy "${role}" is switched off: it is switched on, at ${strategy.parameters.rollout} %`;
    changes.push(change('strategy_changed', words, put(found.id, false), role === 'chunked'));
  }
  if (role === 'chunked' && amiss.length === 0 && percentOf(found) !== given.percent) {
    const words = `the rollout stands at ${percentOf(found)} %: it is set to ${given.percent} %`;
    changes.push(change(null, words, put(found.id, disabled)));
  }
  return changes;
}

function differsIn(found: FoundStrategy, { parameters, segments, variants }: WantedStrategy): string[] {
  const same: Readonly<Record<string, boolean>> = {
    stickiness: found.parameters.stickiness === parameters.stickiness,
    group: found.parameters.groupId === parameters.groupId,
    // The rollout's own is no difference, as long as it is one.
    percentage: variants[0].name === 'internal' ? percentOf(found) === 100 : percentOf(found) !== null,
    segments: isDeepStrictEqual(found.segments, segments),
    constraints: found.constraints.length === 0,
    variants: isDeepStrictEqual(
      found.variants.map(({ name }) => name),
      variants.map(({ name }) => name),
    ),
  };
  return Object.keys(same).filter((part) => !same[part]);
}

/** An internal developer who met the rollout first would be counted in the experiment. */
function orderChanges(
  strategies: readonly FoundStrategy[],
  internal: FoundStrategy | null,
  rollout: FoundStrategy | null,
): Change[] {
  if (internal === null || rollout === null || strategies.indexOf(internal) < strategies.indexOf(rollout))
    return [];
  const words = `the strategies stand in another order than ${ROLES.join(', ')}: put in order`;
  const ids = [internal.id, rollout.id];
  return [change('strategy_changed', words, { type: 'order-strategies', ids })];
}

function change(problem: FlagProblem | null, words: string, step: Step | null, turnsOn = false): Change {
  return { problem, words, step, turnsOn };
}
