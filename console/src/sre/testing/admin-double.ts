/**
 * A double of `/admin` as its functions: it answers with the documents it is given, page by page, and writes down what it
 * is asked. It filters by state, arm and what was given up; who is stuck it is told (`stuck`). Requeuing takes away;
 * a rebuild begins, and goes on when the test says so (`show`).
 */
import { ApiError } from '@thankly/voice-client';
import type {
  Consumer,
  DeadLetter,
  NodesAnswer,
  ProjectionRow,
  ProviderAnswer,
  SessionRow,
  Timeline,
} from '../admin-types.ts';
import { type SessionFilters, searchOf } from '../session-filters.ts';
import type { Slice, SreApi } from '../sre-api.ts';
import { PROVIDER } from './documents.ts';

export type AdminDocuments = {
  readonly sessions: readonly SessionRow[];
  /** Ids of those past their deadline. */
  readonly stuck: readonly string[];
  readonly timelines: readonly Timeline[];
  readonly deadLetters: readonly DeadLetter[];
  readonly consumers: readonly Consumer[];
  readonly provider: ProviderAnswer;
  readonly nodes: NodesAnswer;
  readonly projections: readonly ProjectionRow[];
};

export type AdminDouble = SreApi & {
  /** Such as `sessions state=failed limit=50`. */
  readonly asked: readonly string[];
  show(documents: Partial<AdminDocuments>): void;
  /** The next call fails with this. */
  refuseNext(error: ApiError): void;
};

export function adminDouble(first: Partial<AdminDocuments> = {}): AdminDouble {
  let documents: AdminDocuments = {
    sessions: [],
    stuck: [],
    timelines: [],
    deadLetters: [],
    consumers: [],
    provider: PROVIDER,
    nodes: { node: 'app-1:8080', nodes: [], areAll: true, differences: [] },
    projections: [],
    ...first,
  };
  const asked: string[] = [];
  let refusal: ApiError | null = null;

  function ask(...what: (string | number | undefined)[]): void {
    asked.push(what.filter((each) => each !== undefined && each !== '').join(' '));
    const error = refusal;
    refusal = null;
    if (error !== null) throw error;
  }

  function matches(filters: SessionFilters): (row: SessionRow) => boolean {
    const { state, variant, stuck, dead } = filters;
    return (row) =>
      (state === null || row.state === state) &&
      (variant === null || row.variant === variant) &&
      (!stuck || documents.stuck.includes(row.sessionId)) &&
      (!dead || row.isDeadLetter);
  }

  /** Resolves to the generation that is built now, or was until now. */
  function build(name: string, building: (generation: number) => ProjectionRow['building']): number {
    const row = documents.projections.find((each) => each.name === name);
    if (row === undefined) throw missing('projection');
    const generation = row.building?.generation ?? (row.live?.generation ?? 0) + 1;
    const projections = documents.projections.map((each) =>
      each === row ? { ...row, building: building(generation) } : each,
    );
    documents = { ...documents, projections };
    return generation;
  }

  return {
    asked,
    show(changes) {
      documents = { ...documents, ...changes };
    },
    refuseNext(error) {
      refusal = error;
    },
    async sessions(filters, slice) {
      ask('sessions', String(searchOf(filters)), limitOf(slice), slice.before && `before=${slice.before}`);
      const { rows, next } = pageOf(
        documents.sessions.filter(matches(filters)),
        slice,
        (row) => row.sessionId,
      );
      return { sessions: rows, next };
    },
    async timeline(sessionId) {
      ask('timeline', sessionId);
      const timeline = documents.timelines.find((each) => each.sessionId === sessionId);
      if (timeline === undefined) throw missing('session');
      return timeline;
    },
    async requeueSession(sessionId) {
      ask('requeue session', sessionId);
      const timelines = documents.timelines.map((timeline) =>
        timeline.sessionId === sessionId ? { ...timeline, state: 'processing' as const } : timeline,
      );
      documents = { ...documents, timelines };
      return { requeued: 1 };
    },
    async consumers() {
      ask('consumers');
      return { consumers: documents.consumers };
    },
    async provider() {
      ask('provider');
      return documents.provider;
    },
    async nodes() {
      ask('nodes');
      return documents.nodes;
    },
    async projections() {
      ask('projections');
      return { projections: documents.projections };
    },
    async rebuild(name) {
      ask('rebuild', name);
      const generation = build(name, (number) => ({ ...BUILDING, generation: number }));
      return { name, generation, state: 'building' };
    },
    async cancelRebuild(name) {
      ask('cancel', name);
      return { name, generation: build(name, () => null), state: 'cancelled' };
    },
    async deadLetters(slice) {
      ask('dead letters', limitOf(slice), slice.before && `before=${slice.before}`);
      const { rows, next } = pageOf(documents.deadLetters, slice, (letter) => letter.id);
      return { deadLetters: rows, next };
    },
    async requeueDeadLetter(id) {
      ask('requeue', id);
      const others = documents.deadLetters.filter((letter) => letter.id !== id);
      if (others.length === documents.deadLetters.length) throw missing('dead letter');
      documents = { ...documents, deadLetters: others };
      return { requeued: 1 };
    },
    async requeueAll() {
      ask('requeue all');
      const requeued = documents.deadLetters.length;
      documents = { ...documents, deadLetters: [] };
      return { requeued };
    },
  };
}

/** `before` is the id of the last row. */
function pageOf<Row>(all: readonly Row[], { limit, before }: Slice, idOf: (row: Row) => string) {
  const from = before === undefined ? 0 : all.findIndex((row) => idOf(row) === before) + 1;
  const rows = all.slice(from, from + limit);
  const last = rows.at(-1);
  return { rows, next: from + limit < all.length && last !== undefined ? idOf(last) : null };
}

const BUILDING = {
  state: 'building',
  parkedStreams: 0,
  eventsDone: 0,
  eventsTotal: 1_000_000,
  percent: 0,
  since: '2026-11-24T03:00:00.000Z',
  eta: null,
  requestedBy: 'operator:oncall',
} as const;
const limitOf = ({ limit }: Slice) => `limit=${limit}`;
const missing = (what: string) => new ApiError(404, 'not_found', `there is no such ${what}`);
