/** The tables of times, one row for each arm, length and link, and the goals they are held against. */
import { quantile, spread, verdict, written } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';
import { groups } from '../upload/after-stop.ts';
import { GOAL_KILOBITS, linkName, quickNote, type StopToTextPlan } from './plan.ts';
import type { Recorded } from './recorded.ts';

const TRANSCRIPT_GOAL_S = 3;
const ENTRY_GOAL_S = 6;
const LENGTH_GOAL = 1.2;
const FASTER_GOAL = 10;
/** The project's plan, for a note of five minutes. */
const PLAN = { length: '5 min', total: [10, 25], upload: [3, 8], processing: [10, 20] } as const;

const transcript = ({ transcriptMs }: Recorded) => transcriptMs / 1000;
const entry = ({ entryMs }: Recorded) => entryMs / 1000;
const uploaded = ({ uploadedMs }: Recorded) => uploadedMs / 1000;
const processed = ({ entryMs, uploadedMs }: Recorded) => (entryMs - uploadedMs) / 1000;

const median = (some: readonly Recorded[], of: (one: Recorded) => number) => quantile(some.map(of), 0.5);
const p95 = (some: readonly Recorded[], of: (one: Recorded) => number) => quantile(some.map(of), 0.95);
const seconds = (value: number) => (Number.isFinite(value) ? `${value.toFixed(2)} s` : '–');
const times = (value: number) => (Number.isFinite(value) ? `${value.toFixed(1)} ×` : '–');
const isChunked = ({ arm }: Recorded) => arm === 'chunked';

export function goalsTable(recorded: readonly Recorded[], plan: StopToTextPlan): BenchTable {
  const atGoal = recorded.filter(({ link }) => link.kilobits === GOAL_KILOBITS);
  const ours = atGoal.filter(isChunked);
  const ofLength = (some: readonly Recorded[], name: string) =>
    some.filter(({ length }) => length.name === name);
  const [shortest, longest] = [plan.lengths[0], plan.lengths.at(-1)];
  const growth = (of: (one: Recorded) => number) =>
    median(ofLength(ours, longest?.name ?? ''), of) / median(ofLength(ours, shortest?.name ?? ''), of);
  const compared = plan.lengths.find(({ name }) => name === PLAN.length) ?? longest;
  const faster = (arm: string) => {
    const whole = atGoal.filter((one) => one.arm === arm);
    const name = compared?.name ?? '';
    return median(ofLength(whole, name), transcript) / median(ofLength(ours, name), transcript);
  };
  const most = (what: string, value: number, goal: number, unit: (value: number) => string) => [
    what,
    unit(value),
    `${goal}${unit === seconds ? ' s' : ' ×'} at most`,
    verdict(value <= goal),
  ];
  const least = (what: string, value: number, goal: number) => [
    what,
    times(value),
    `${goal} × at least`,
    verdict(value >= goal),
  ];
  return {
    title: 'Goals, at 1 Mbit/s up',
    intro: `${quickNote(plan)}${ours.length} recordings of ours of all lengths, at a round trip of 40 and of 200 ms. From the tap on stop until the client shows it.`,
    columns: ['what', 'measured', 'goal', ''],
    rows: [
      most('stop → transcript, p95', p95(ours, transcript), TRANSCRIPT_GOAL_S, seconds),
      most('stop → entry, p95', p95(ours, entry), ENTRY_GOAL_S, seconds),
      most(
        `${longest?.name} ÷ ${shortest?.name}, transcript, medians`,
        growth(transcript),
        LENGTH_GOAL,
        times,
      ),
      most(`${longest?.name} ÷ ${shortest?.name}, entry, medians`, growth(entry), LENGTH_GOAL, times),
      least(
        `transcript of ${compared?.name}: single upload ÷ ours, medians`,
        faster('single (control)'),
        FASTER_GOAL,
      ),
      least(
        `transcript of ${compared?.name}: tus and whole file ÷ ours, medians`,
        faster('tus + whole file'),
        FASTER_GOAL,
      ),
    ],
  };
}

/** Recordings of five minutes against the plan, over every link. */
export function planTable(recorded: readonly Recorded[], plan: StopToTextPlan): BenchTable {
  const compared = plan.lengths.find(({ name }) => name === PLAN.length) ?? plan.lengths.at(-1);
  const own = recorded.filter(({ length }) => length === compared);
  const rows = ordered(own, plan).map((group) => {
    const [{ arm, link }] = group;
    const worst = [p95(group, uploaded), p95(group, processed), p95(group, entry)];
    const isMet =
      (worst[0] ?? 0) <= PLAN.upload[1] &&
      (worst[1] ?? 0) <= PLAN.processing[1] &&
      (worst[2] ?? 0) <= PLAN.total[1];
    const ours = arm === 'chunked';
    return [linkName(link), arm, String(group.length), ...worst.map(seconds), ours ? verdict(isMet) : ''];
  });
  const range = ([from, to]: readonly [number, number]) => `${from}–${to} s`;
  const goal = ['', 'the plan’s targets (5 min)', '', range(PLAN.upload), range(PLAN.processing)];
  return {
    title: `The plan’s column: recordings of ${compared?.name}`,
    intro: `${quickNote(plan)}p95 (of so few: the slowest) of each link. Upload: from stop until the client knows that the server has all of it; processing: from there to the entry. Met: no slower than the plan’s upper ends.`,
    columns: ['up, round trip', 'arm', 'recordings', 'upload', 'processing', 'total', ''],
    rows: [[...goal, range(PLAN.total), ''], ...rows],
  };
}

export function allFiguresTable(
  recorded: readonly Recorded[],
  plan: StopToTextPlan,
  sound: string,
): BenchTable {
  const rows = plan.lengths.flatMap((length) => {
    const own = recorded.filter((one) => one.length === length);
    return ordered(own, plan).map((group) => {
      const [{ arm, link }] = group;
      const ours = own.filter((one) => isChunked(one) && one.link === link);
      const ratio = (of: (one: Recorded) => number) => times(median(group, of) / median(ours, of));
      return [
        length.name,
        linkName(link),
        arm,
        String(group.length),
        written(spread(group.map(uploaded)), 2, 's'),
        written(spread(group.map(transcript)), 2, 's'),
        seconds(p95(group, transcript)),
        ratio(transcript),
        written(spread(group.map(entry)), 2, 's'),
        seconds(p95(group, entry)),
        ratio(entry),
      ];
    });
  });
  return {
    title: 'From stop to text',
    intro: `${quickNote(plan)}${sound}, stopped up to 5 s before the length that is named; recorded in real time, since only so the live part is what it is, each over a link of its own (up as said, down four times that), all interleaved in one run. Chunked: our client, flag on. Single: our client, flag off; the file goes up after stop and is heard as one. Tus: tus-js-client with @tus/server and @tus/file-store sends the file after stop; what arrived is handed, beside the link, to the application of the single arm. Each application has a provider of its own. Median (least–most); p95 of so few is the slowest; ratio of medians to chunked over the same link.`,
    columns: [
      'recording',
      'up, round trip',
      'arm',
      'recordings',
      'uploaded',
      'transcript',
      'p95',
      'ratio',
      'entry',
      'p95',
      'ratio',
    ],
    rows,
  };
}

/** By link as planned, then by arm. */
function ordered(recorded: readonly Recorded[], plan: StopToTextPlan): [Recorded, ...Recorded[]][] {
  const arms = ['chunked', 'single (control)', 'tus + whole file'];
  const sorted = [...recorded].sort(
    (a, b) =>
      plan.links.indexOf(a.link) - plan.links.indexOf(b.link) || arms.indexOf(a.arm) - arms.indexOf(b.arm),
  );
  return groups(sorted, ({ arm, link }) => `${arm} ${linkName(link)}`);
}
