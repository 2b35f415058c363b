import type { Meter } from '../../src/recording/windows/meter.ts';

const LEVELS: Record<string, number> = { '#': -20, '-': -50, '.': -60, '?': Number.NaN };

/**
 * A meter by a drawing, a character a tenth of a second: `#` somebody speaks, `-` a pause in which the room can be heard,
 * `.` silence, `?` not known. Each tenth is known for what it is at once; pauses can be told where the level is known.
 */
export function scriptedMeter(drawing: string): Meter {
  const at = (tenth: number) => drawing[tenth] ?? '';
  return {
    length: drawing.length,
    level: (tenth) => LEVELS[at(tenth)] ?? Number.NaN,
    tellsPauses: (tenth) => at(tenth) !== '' && at(tenth) !== '?',
    isPause: (tenth) => at(tenth) === '-' || at(tenth) === '.',
    isSilent: (tenth, asOf) => tenth <= asOf && asOf < drawing.length && at(tenth) === '.',
  };
}
