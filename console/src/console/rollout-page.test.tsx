/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import type { Role } from './console-sign-in.ts';
import { RolloutPage } from './rollout-page.tsx';
import { liveDouble, signInDouble } from './testing/console-doubles.ts';
import { rolloutAnswer } from './testing/documents.ts';
import { normal } from './testing/normal.ts';
import { buttons, press, renderConsole } from './testing/render-console.tsx';
import { breached, drifted, empty, good, pausedBySampleRatio, type Scenario } from './testing/scenarios.ts';

afterEach(cleanup);

async function show(scenario: Scenario, role: Role | null = 'release-manager') {
  const live = liveDouble(scenario);
  await renderConsole(<RolloutPage {...scenario} live={live} signIn={signInDouble(role)} />);
  return live;
}

const hero = () => screen.getByRole('region', { name: 'Where it is' });
const text = (element: HTMLElement) => normal(element.textContent ?? '');
const moves = () => buttons(screen.getByRole('region', { name: 'Moves' }));

describe('where it is', () => {
  it('says percent, state, who brought it there and why', async () => {
    await show(good(Date.now()));
    expect(text(hero())).toContain('20 % of users have chunked upload');
    expect(text(hero())).toContain('Running');
    expect(text(hero())).toContain('Entered 2 days ago, by dana');
    expect(text(hero())).toContain('“Two nights at 5 %, failures clearly down.”');
  });

  it('stands on its way through the plan', async () => {
    await show(good());
    const stops = within(screen.getByRole('list', { name: 'Stages of the plan' })).getAllByRole('listitem');
    expect(stops.map((stop) => /^(\d+ %) \((\w+)\)/.exec(text(stop))?.slice(1))).toEqual([
      ['5 %', 'passed'],
      ['20 %', 'now'],
      ['50 %', 'ahead'],
      ['100 %', 'ahead'],
    ]);
    expect(stops[1]?.getAttribute('aria-current')).toBe('step');
  });

  it('has a stop of its own where it stands off the plan', async () => {
    const { experiment } = good();
    await show({ experiment, rollout: rolloutAnswer({ percent: 35, next: 50 }) });
    const stop = screen.getByText('not in the plan').closest('li');
    expect(stop?.getAttribute('aria-current')).toBe('step');
    expect(text(stop as HTMLElement)).toMatch(/^35 %/);
  });

  it('is in force in Unleash, and says when that was read', async () => {
    await show(good(Date.now()));
    expect(text(hero())).toMatch(/In force in Unleash: 20 % ?Checked \d s ago/);
  });

  it('may be known to be on its way, unknown, or failing, with the error', async () => {
    const { experiment } = good();
    const { effect } = rolloutAnswer();
    const shown = async (changes: object) => {
      cleanup();
      await show({ experiment, rollout: rolloutAnswer({ effect: { ...effect, ...changes } }) });
      return text(hero());
    };
    expect(await shown({ state: 'pending' })).toContain('5 % is being written to Unleash');
    expect(await shown({ state: 'unknown', checkedAt: null })).toContain('is not known yet');
    const error = { code: 'forbidden', message: 'Unleash refuses the admin token (403).' };
    const failing = await shown({ state: 'failing', error });
    expect(failing).toContain('Unleash could not be moved to 5 %');
    expect(failing).toContain('Unleash refuses the admin token (403).');
  });
});

describe('a drift', () => {
  it('is told in words, with what else is otherwise', async () => {
    await show(drifted());
    expect(text(hero())).toContain(
      'Somebody moved the flag in Unleash: it stands at 35 %, the rollout says 20 %.',
    );
    expect(screen.getByText('The segment of internal developers is gone.')).toBeTruthy();
  });

  it('is put back, or made the stage', async () => {
    const live = await show(drifted());
    await press('Put it back to 20 %');
    fireEvent.change(screen.getByLabelText('Reason'), { target: { value: 'By mistake.' } });
    await press('Put it back to 20 %', screen.getByRole('dialog'));
    await press('Make 35 % the stage');
    fireEvent.change(screen.getByLabelText('Reason'), { target: { value: 'Why not.' } });
    await press('Make 35 % the stage', screen.getByRole('dialog'));
    expect(live.asked).toEqual([
      '{"kind":"percent","percent":20} because By mistake., having seen 4',
      '{"kind":"percent","percent":35} because Why not., having seen 4',
    ]);
  });

  it('to off can be put back, or become a rollback', async () => {
    const { rollout, experiment } = drifted();
    await show({ experiment, rollout: { ...rollout, effect: { ...rollout.effect, enabled: false } } });
    expect(text(hero())).toContain('Somebody switched the flag off in Unleash: nobody gets chunked upload');
    expect(buttons(hero())).toEqual(expect.arrayContaining(['Put it back to 20 %', 'Make 0 % the stage']));
  });

  it('is only told to who may not move', async () => {
    await show(drifted(), 'viewer');
    expect(buttons(hero())).toEqual([]);
  });
});

describe('the buttons', () => {
  it('advance, pause, move and roll back while it runs', async () => {
    await show(good());
    expect(moves()).toEqual(['Advance to 50 %', 'Pause', 'Move to another percentage…', 'Roll back']);
  });

  it('resume or roll back while it is paused', async () => {
    await show(pausedBySampleRatio());
    expect(moves()).toEqual(['Resume', 'Move to another percentage…', 'Roll back']);
    expect(screen.getByText(/While it is paused it goes no higher/)).toBeTruthy();
  });

  it('begin again after a rollback', async () => {
    await show(breached());
    expect(moves()).toEqual(['Begin again at 5 %', 'Move to another percentage…']);
  });

  it('complete it at 100 %', async () => {
    await show({ ...good(), rollout: rolloutAnswer({ percent: 100, next: null }) });
    expect(moves()).toEqual(['Complete', 'Pause', 'Move to another percentage…', 'Roll back']);
  });

  it('are only the brake for who is on call', async () => {
    await show(good(), 'sre');
    expect(moves()).toEqual(['Roll back']);
    expect(screen.queryByRole('switch')).toBeNull();
  });

  it('are not there for a viewer, and the page says why', async () => {
    await show(good(), 'viewer');
    expect(screen.queryByRole('region', { name: 'Moves' })).toBeNull();
    expect(screen.getByText(/only release managers move the rollout/)).toBeTruthy();
    expect(screen.queryByRole('switch')).toBeNull();
  });

  it('roll back with one click and one confirmation', async () => {
    const live = await show(good());
    await press('Roll back');
    await press('Roll back', screen.getByRole('dialog'));
    expect(live.asked).toEqual(['{"kind":"rollback"} because Rolled back by hand from 20 %., having seen 4']);
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('the autopilot', () => {
  it('says what it waits for, and how far the stage is', async () => {
    await show(empty(Date.now()));
    const region = screen.getByRole('region', { name: 'Autopilot' });
    expect(text(region)).toContain('If it were on, it would hold. It waits for:');
    expect(text(region)).toContain('the planned time in this stage: 10 h more');
    expect(text(region)).toContain('Time in this stage14 h of 1 day');
    expect(text(region)).toContain('Chunked sessions ended0 of 200');
  });

  it('says what it does when it waits for nothing', async () => {
    await show(good());
    expect(text(hero())).toContain('It advances to 50 % now.');
    expect(text(hero())).toContain('1,894 of 1,000');
  });

  it('is switched by asking why, and turns only when the server has said so', async () => {
    const live = await show(good());
    const toggle = screen.getByRole('switch', { name: 'Autopilot' }) as HTMLInputElement;
    await act(async () => fireEvent.click(toggle));
    expect(toggle.checked).toBe(true);
    fireEvent.change(screen.getByLabelText('Reason'), { target: { value: 'By hand from here.' } });
    await press('Switch the autopilot off', screen.getByRole('dialog'));
    expect(live.asked).toEqual([
      '{"kind":"autopilot","enabled":false} because By hand from here., having seen 4',
    ]);
  });
});

describe('without a recording', () => {
  it('the page says how to make traffic, and compares nothing', async () => {
    await show(empty());
    expect(screen.getByText('npm run simulate -- --users 2000 --percent 5')).toBeTruthy();
    expect(screen.queryByRole('table')).toBeNull();
    expect(screen.getByRole('region', { name: 'History' })).toBeTruthy();
  });
});
