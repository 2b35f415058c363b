import { describe, expect, it } from '@jest/globals';
import { marksOf } from './marks.ts';

describe('marks', () => {
  it('begin where a value comes, end where it goes, and are in the order of time', () => {
    const labels = { flag: 'chunked-upload' };
    const marks = marksOf(
      [
        {
          labels: { ...labels, percent: '20' },
          points: [
            [60, 1],
            [75, 1],
          ],
        },
        {
          labels: { ...labels, percent: '5' },
          points: [
            [0, 1],
            [15, 0],
            [90, 1],
          ],
        },
      ],
      { step: 15, title: '{{flag}}', text: '{{percent}} % in force', colour: 'purple' },
    );
    expect(marks).toEqual([
      { from: 0, to: 0, text: 'chunked-upload: 5 % in force', colour: 'purple' },
      { from: 60, to: 75, text: 'chunked-upload: 20 % in force', colour: 'purple' },
      { from: 90, to: 90, text: 'chunked-upload: 5 % in force', colour: 'purple' },
    ]);
  });
});
