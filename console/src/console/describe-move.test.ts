import { describe, expect, it } from '@jest/globals';
import { describeMove } from './describe-move.ts';
import { normal } from './testing/normal.ts';
import { drifted, good } from './testing/scenarios.ts';

const { rollout } = good();

function told(percent: number, of = rollout) {
  const { title, text, confirm, warning, isDanger } = describeMove({ kind: 'percent', percent }, of);
  return {
    title: normal(title),
    text: normal(text ?? ''),
    confirm: normal(confirm),
    warning: warning === null ? null : normal(warning),
    isDanger,
  };
}

describe('a move is described', () => {
  it('up to the next stage', () => {
    expect(told(50)).toEqual({
      title: 'Advance to 50 %',
      text: '30 % more of all users get chunked upload. Who has it keeps it.',
      confirm: 'Advance to 50 %',
      warning: null,
      isDanger: false,
    });
  });

  it('over a stage, with a warning', () => {
    expect(told(100).warning).toBe('This leaves out the stage at 50 %: say in the reason why that is safe.');
  });

  it('down, and down to nothing as the rollback that it is', () => {
    expect(told(5)).toMatchObject({ title: 'Go back to 5 %', isDanger: false });
    expect(told(5).text).toContain('15 % of all users go back to the single upload');
    expect(told(0)).toMatchObject({ title: 'Go back to 0 %', isDanger: true });
    expect(told(0).text).toContain('0 % is a rollback');
  });

  it('to where it stands', () => {
    expect(told(20)).toMatchObject({ title: 'Move to 20 %', text: 'It stands at 20 % already.' });
  });

  it('as putting back, or as keeping, what somebody did in Unleash', () => {
    expect(told(20, drifted().rollout)).toMatchObject({
      title: 'Put it back to 20 %',
      text: 'What was changed by hand in Unleash is overwritten.',
    });
    expect(told(35, drifted().rollout)).toMatchObject({ title: 'Make 35 % the stage' });
    expect(told(35, drifted().rollout).text).toContain('15 % more of all users');
  });
});
