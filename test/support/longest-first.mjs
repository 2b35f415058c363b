import sequencer from '@jest/test-sequencer';

/** On a fresh clone jest knows no durations: what starts browsers and servers goes first, so that no worker ends alone. */
export default class LongestFirst extends sequencer {
  sort(tests) {
    const rank = ({ path }) => ['/test/e2e/', '/test/integration/'].findIndex((room) => path.includes(room));
    const order = (test) => (rank(test) === -1 ? 2 : rank(test));
    return super.sort(tests).sort((a, b) => order(a) - order(b));
  }
}
