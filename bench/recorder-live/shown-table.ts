import { spread, verdict, written } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';
import type { MachineLoad } from '../upload/machine-load.ts';
import type { PageLink } from './page-links.ts';
import type { Said, Shown } from './record-on-page.ts';

const TRANSCRIPT_GOAL_S = 3;
const ENTRY_GOAL_S = 6;

export type ShownOver = { readonly link: PageLink; readonly shown: readonly Shown[] };

type Run = {
  readonly said: Said;
  /** Over each link. */
  readonly recordings: number;
  readonly quick: boolean;
  readonly load: MachineLoad;
};

export function shownTable(over: readonly ShownOver[], { said, recordings, quick, load }: Run): BenchTable {
  const count = said.words.length;
  const rows = over.flatMap(({ link, shown }) => {
    const seconds = (of: (one: Shown) => number) => spread(shown.map((one) => of(one) / 1000));
    const figures = (of: (one: Shown) => number) => (shown.length === 0 ? '–' : written(seconds(of), 2, 's'));
    const goal = (of: (one: Shown) => number, most: number) => [
      figures(of),
      `${most} s`,
      verdict(shown.length === recordings && seconds(of).max <= most),
    ];
    const whole = shown.filter(({ isWhole }) => isWhole).length;
    const atStop = spread(shown.map(({ wordsAtStop }) => wordsAtStop));
    return [
      [
        link.name,
        'word for word what was said',
        `${whole} of ${recordings}`,
        'all',
        verdict(whole === recordings),
      ],
      ['', 'first word said → shown', figures(({ firstWordMs }) => firstWordMs), '', ''],
      ['', `words shown at stop, of ${count}`, shown.length === 0 ? '–' : written(atStop, 0, ''), '', ''],
      ['', 'stop → transcript shown', ...goal(({ transcriptMs }) => transcriptMs, TRANSCRIPT_GOAL_S)],
      ['', 'stop → entry shown', ...goal(({ entryMs }) => entryMs, ENTRY_GOAL_S)],
    ];
  });
  const version = over.flatMap(({ shown }) => shown.map(({ browser }) => browser))[0] ?? '';
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  return {
    title: 'The recorder page, live',
    intro: `${quick ? '**A quick run (--quick): too few to say whether goals are met.** ' : ''}The recorder page in Chromium ${version} with a fake microphone that says ${count} numbered words in ${said.stopMs / 1000} s, the last of them half a second before stop is tapped; in real time, one after the other, ${recordings} over each link, against the whole application as \`npm start\` has it, with the sandbox’s latency model (below stop-to-text). By the page’s own clock, looked at every 20 ms: what somebody in front of it sees. Transcript: the last word is shown. Median (least–most); a goal is met when the slowest meets it. Slow 3G is DevTools’ preset (400 kbit/s both ways, a round trip of 400 ms), shaped by a proxy that holds up each packet, the page’s own files too. DevTools cannot hold up packets and holds up each answer for 2 s instead; that is the last link (Network.emulateNetworkConditions), begun when the page is there: complete goes beside the last PUT and waits for no answer; what the server pushes on an open stream comes at once. All cores busy: ${percent(load.busy)} on average, ${percent(load.busiest)} in the busiest 5 s; others work on this machine.`,
    columns: ['link', 'what', 'measured', 'goal', ''],
    rows,
  };
}
