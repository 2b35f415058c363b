import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assess } from './assess.ts';

const again = (phrase: string, times: number, space = ' ') => Array(times).fill(phrase).join(space);
const of = (text: string, durationMs = 15_000) => assess({ text, durationMs });
const SENTENCE = 'I slept badly and then the whole day was a little grey but the evening was good';

describe('an answer is suspicious', () => {
  it('when something sounds and there are no words', () => {
    expect(assess({ text: ' . ', durationMs: 15_000, soundMs: 9_000 })).toBe('no_words');
    expect(assess({ text: '', durationMs: 15_000, neighbourRate: 2 })).toBe('no_words');
  });

  it('when there are far fewer words than around it', () => {
    expect(assess({ text: 'Thank you.', durationMs: 15_000, soundMs: 12_000, neighbourRate: 2.2 })).toBe(
      'too_few_words',
    );
    expect(assess({ text: '谢谢', durationMs: 15_000, soundMs: 12_000, neighbourRate: 2.2 })).toBe(
      'too_few_words',
    );
  });

  it('when it goes round in a circle', () => {
    expect(of(again('you', 30))).toBe('repeats');
    expect(of(`So it was. ${again('I think that we should go.', 6)}`)).toBe('repeats');
    expect(of(again('字幕由社区提供', 8, '。'))).toBe('repeats');
    expect(of(again('Thank you for watching. Please subscribe.', 9), 30_000)).toBe('repeats');
    expect(of(again('we go on and on we go and on', 5), 20_000)).toBe('repeats');
  });

  it('when its words lie outside of the audio, or are more than anybody can say in it', () => {
    const words = ['far', 'away'].map((word, i) => ({
      word,
      startMs: 17_000 + i * 500,
      endMs: 17_400 + i * 500,
    }));
    expect(assess({ text: 'far away', words, durationMs: 15_000 })).toBe('not_this_window');
    expect(of(`${SENTENCE} and all of it in a second and a half, really`, 1_500)).toBe('not_this_window');
  });

  it('when it is what was heard before, or the end of it', () => {
    const previousText = `At first. ${SENTENCE}.`;
    expect(assess({ text: SENTENCE, durationMs: 15_000, previousText })).toBe('not_this_window');
    expect(assess({ text: 'but the evening was good', durationMs: 9_000, previousText })).toBeNull();
    expect(
      assess({ text: 'A little grey, but the evening was good!', durationMs: 9_000, previousText }),
    ).toBe('not_this_window');
  });
});

describe('an answer is suspicious from a certain measure on', () => {
  const distinct = (count: number) => Array.from({ length: count }, (_, index) => `word${index}`).join(' ');

  it('given no words: from 1.5 s of sound, or without levels from 8 s of audio beside a word a second', () => {
    expect(assess({ text: '', durationMs: 15_000, soundMs: 1_500 })).toBe('no_words');
    expect(assess({ text: '', durationMs: 15_000, soundMs: 1_499 })).toBeNull();
    expect(assess({ text: '', durationMs: 8_000, neighbourRate: 1 })).toBe('no_words');
    expect(assess({ text: '', durationMs: 7_999, neighbourRate: 1 })).toBeNull();
    expect(assess({ text: '', durationMs: 8_000, neighbourRate: 0.99 })).toBeNull();
  });

  it('given words outside of the audio: from more than 1 s behind its end', () => {
    const late = (startMs: number) => ({
      text: 'late',
      words: [{ word: 'late', startMs, endMs: startMs + 200 }],
      durationMs: 15_000,
    });
    expect(assess(late(16_000))).toBeNull();
    expect(assess(late(16_001))).toBe('not_this_window');
  });

  it('given many words: from 20 of them, and more than 8 a second', () => {
    expect(of(distinct(20), 1_000)).toBe('not_this_window');
    expect(of(distinct(19), 1_000)).toBeNull();
    expect(of(distinct(20), 2_500)).toBeNull();
    expect(of(distinct(20), 2_499)).toBe('not_this_window');
  });

  it('given what was heard before: from 6 words', () => {
    const heard = (text: string) => ({ text, durationMs: 15_000, previousText: `At first. ${text}` });
    expect(assess(heard('then it was quiet at last'))).toBe('not_this_window');
    expect(assess(heard('then it was quiet again'))).toBeNull();
  });

  it('given few words: where 8 were to be expected, and there are less than a fifth', () => {
    const heard = (text: string, soundMs: number) =>
      assess({ text, durationMs: 30_000, soundMs, neighbourRate: 1 });
    expect(heard('yes', 8_000)).toBe('too_few_words');
    expect(heard('yes', 7_999)).toBeNull();
    expect(heard('oh yes', 10_000)).toBeNull();
    expect(heard('oh yes', 10_001)).toBe('too_few_words');
  });

  it('given few words and no levels: where half of the audio was to have 8', () => {
    const heard = (durationMs: number) => assess({ text: 'yes', durationMs, neighbourRate: 1 });
    expect(heard(16_000)).toBe('too_few_words');
    expect(heard(15_999)).toBeNull();
    expect(of('yes', 60_000)).toBeNull();
  });
});

describe('an answer is believed', () => {
  it('when nothing sounds, or only a cough, or nobody talks around it', () => {
    expect(assess({ text: '', durationMs: 15_000, soundMs: 900 })).toBeNull();
    expect(assess({ text: '', durationMs: 15_000 })).toBeNull();
    expect(assess({ text: '', durationMs: 3_000, neighbourRate: 2 })).toBeNull();
  });

  it('when somebody repeats, laughs, counts or says little', () => {
    expect(of('No no no no, no, I said no!')).toBeNull();
    expect(of(again("I don't know.", 4))).toBeNull();
    expect(of(again('哈', 15, ''))).toBeNull();
    expect(of(again('very', 6))).toBeNull();
    expect(of('one two three four five six seven eight nine ten, one two three four five six')).toBeNull();
    expect(
      assess({ text: 'Yes.', durationMs: 4_000, soundMs: 900, neighbourRate: 2.5, previousText: 'Yes.' }),
    ).toBeNull();
    expect(
      assess({ text: 'It was, well, difficult.', durationMs: 12_000, soundMs: 7_000, neighbourRate: 2 }),
    ).toBeNull();
  });

  it('when its last times run a little over the end', () => {
    const words = [{ word: 'late', startMs: 15_400, endMs: 15_900 }];
    expect(assess({ text: 'late', words, durationMs: 15_000 })).toBeNull();
  });

  it('whatever three-digit words are said, at the rate that they are said (1,000 runs)', () => {
    const anyDigits = fc.array(fc.nat(999), { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(anyDigits, anyDigits, (numbers, before) => {
        const text = numbers.join(' ');
        const durationMs = numbers.length * 500 + 500;
        const heard = {
          text,
          durationMs,
          soundMs: durationMs,
          neighbourRate: 2,
          previousText: before.join(' '),
        };
        expect(assess(heard)).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });
});
