/** What the provider is asked for, and what is read from the object store, for a recorded minute. */
import { PRICES as LIST } from '../../capacity/prices.ts';
import { quantile, spread, verdict, written } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';
import { quickNote, type StopToTextPlan } from './plan.ts';
import type { ProviderCall } from './provider-gateway.ts';
import type { Recorded } from './recorded.ts';

const COST_GOAL = 1.15;
const READ_GOAL = 1.5;
/** US dollars, OpenAI's list prices: whisper-1 a minute; gpt-4o-mini a million tokens. */
export const PRICES = {
  minute: LIST.transcribedMinute.dollars,
  millionIn: LIST.millionTokensIn.dollars,
  millionOut: LIST.millionTokensOut.dollars,
} as const;

type Cost = {
  readonly audioSeconds: number;
  readonly transcriptions: number;
  readonly chats: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
};

/** For each recorded minute. */
function costOf(calls: readonly ProviderCall[], minutes: number): Cost {
  const total = (of: (call: ProviderCall) => number) =>
    calls.reduce((sum, call) => sum + of(call), 0) / minutes;
  return {
    audioSeconds: total(({ audioSeconds }) => audioSeconds),
    transcriptions: total(({ what }) => (what === 'transcribe' ? 1 : 0)),
    chats: total(({ what }) => (what === 'transcribe' ? 0 : 1)),
    tokensIn: total(({ tokensIn }) => tokensIn),
    tokensOut: total(({ tokensOut }) => tokensOut),
  };
}

export function dollarsOf({ audioSeconds, tokensIn, tokensOut }: Cost): number {
  return (
    (audioSeconds / 60) * PRICES.minute + (tokensIn * PRICES.millionIn + tokensOut * PRICES.millionOut) / 1e6
  );
}

const traceOf = ({ sessionId }: Recorded) => sessionId.replaceAll('-', '');

/** The calls for these recordings: also those that failed or that nobody waited for any more. */
function callsFor(recorded: readonly Recorded[], calls: readonly ProviderCall[]): ProviderCall[] {
  const traces = new Set(recorded.map(traceOf));
  return calls.filter(({ traceId }) => traces.has(traceId));
}

export function costTables(
  recorded: readonly Recorded[],
  calls: { readonly chunked: readonly ProviderCall[]; readonly single: readonly ProviderCall[] },
  plan: StopToTextPlan,
): BenchTable[] {
  const minutesOf = (some: readonly Recorded[]) =>
    some.reduce((sum, { durationMs }) => sum + durationMs, 0) / 60_000;
  const chunked = recorded.filter(({ arm }) => arm === 'chunked');
  const whole = recorded.filter(({ arm }) => arm !== 'chunked');
  const pairOf = (some: (one: Recorded) => boolean): readonly [Cost, Cost] => {
    const [ours, theirs] = [chunked.filter(some), whole.filter(some)];
    return [
      costOf(callsFor(ours, calls.chunked), minutesOf(ours)),
      costOf(callsFor(theirs, calls.single), minutesOf(theirs)),
    ];
  };
  const pair = pairOf(() => true);
  const row = (what: string, of: (cost: Cost) => number, digits: number, goal: number | null) => {
    const [ours, theirs] = [of(pair[0]), of(pair[1])];
    const ratio = ours / theirs;
    const judged = goal === null ? ['', ''] : [`${goal} × at most`, verdict(ratio <= goal)];
    return [what, ours.toFixed(digits), theirs.toFixed(digits), `${ratio.toFixed(2)} ×`, ...judged];
  };
  const byLength = plan.lengths.map(({ name }) => {
    const [ours, theirs] = pairOf(({ length }) => length.name === name);
    const ratio = dollarsOf(ours) / dollarsOf(theirs);
    return [
      `of these: ${name}`,
      dollarsOf(ours).toFixed(5),
      dollarsOf(theirs).toFixed(5),
      `${ratio.toFixed(2)} ×`,
      `${COST_GOAL} × at most`,
      verdict(ratio <= COST_GOAL),
    ];
  });
  const tokens = (cost: Cost) => cost.tokensIn + cost.tokensOut;
  return [
    {
      title: 'What the provider is asked for, for a recorded minute',
      intro: `${quickNote(plan)}By the provider’s own answers, all recordings of the run: ${minutesOf(chunked).toFixed(0)} minutes in windows, ${minutesOf(whole).toFixed(0)} as whole files. Of the sandbox, tokens are characters ÷ 4, prompts and the schema’s answer included. Money: OpenAI’s list prices of whisper-1 ($${PRICES.minute} a minute) and gpt-4o-mini ($${PRICES.millionIn} and $${PRICES.millionOut} a million tokens in and out), 2025.`,
      columns: ['a minute’s', 'in windows', 'whole file', 'ratio', 'goal', ''],
      rows: [
        row('US dollars', dollarsOf, 5, COST_GOAL),
        ...byLength,
        row('seconds of sound', ({ audioSeconds }) => audioSeconds, 1, COST_GOAL),
        row('tokens, in and out', tokens, 0, null),
        row('tokens out', ({ tokensOut }) => tokensOut, 0, null),
        row('transcriptions', ({ transcriptions }) => transcriptions, 2, null),
        row('chat requests', ({ chats }) => chats, 2, null),
      ],
    },
  ];
}

/** @param read bytes by session */
export function storeTable(
  recorded: readonly Recorded[],
  read: Readonly<Record<string, number>>,
  plan: StopToTextPlan,
): BenchTable {
  const names = ['chunked', 'single (control)', 'tus + whole file'] as const;
  const rows = names.map((name) => {
    const ratios = recorded
      .filter(({ arm }) => arm === name)
      .map(({ sessionId, bytes }) => (read[sessionId] ?? 0) / bytes);
    const { max } = spread(ratios);
    const judged = name === 'chunked' ? [`${READ_GOAL} × at most`, verdict(max <= READ_GOAL)] : ['', ''];
    const p95 = `${quantile(ratios, 0.95).toFixed(2)} ×`;
    return [name, String(ratios.length), written(spread(ratios), 2, '×'), p95, ...judged];
  });
  return {
    title: 'Bytes read from the object store, of a recording’s size',
    intro: `${quickNote(plan)}Counted in the application at its local-disk store: all objects of a session, its texts too. A disk keeps each digest with its file; at an S3 whose SHA-256 is not believed, checking what arrived reads each chunk once more.`,
    columns: ['arm', 'recordings', 'median (least–most)', 'p95', 'goal for the most', ''],
    rows,
  };
}
