import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EMOTIONS } from '../ai.ts';
import { emotionOf, entryOf, feedbackOf } from './rules.ts';

const said = (transcript: string, imageDescriptions: string[] = []) => ({ transcript, imageDescriptions });

describe('the entry', () => {
  it('is what was said in sentences, under its first words', () => {
    const { title, text } = entryOf(said('today I walked to the river. the heron was there again'));
    expect(title).toBe('Today I walked to the river');
    expect(text).toBe('Today I walked to the river. The heron was there again.');
  });

  it('keeps every word in its order and adds none', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}[.!?]?$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 80 }), (words) => {
        const bare = (texts: string[]) => texts.map((each) => each.toLowerCase().replace(/[.!?]$/, ''));
        const { title, text } = entryOf(said(words.join(' ')));
        expect(bare(text.split(' '))).toEqual(bare(words));
        expect(title).not.toBe('');
      }),
    );
  });

  it('ends with what the pictures show', () => {
    expect(entryOf(said('a walk', ['A grey heron.'])).text).toBe('A walk. A grey heron.');
    expect(entryOf(said('', ['A grey heron at the water.']))).toEqual({
      title: 'A grey heron at the water',
      text: 'A grey heron at the water.',
    });
  });

  it('has a title of a clause where words are not set apart', () => {
    expect(entryOf(said('今天我和妈妈去了公园，看到了很多花'))).toEqual({
      title: '今天我和妈妈去了公园',
      text: '今天我和妈妈去了公园，看到了很多花。',
    });
  });

  it('of nothing says so', () => {
    expect(entryOf(said('  '))).toEqual({ title: 'Without words', text: 'Without words.' });
  });
});

describe('the emotion', () => {
  it.each([
    ['I am so happy, we laughed a lot', 'joy', 0.7],
    ['thank you, thank you, thank you, thanks', 'gratitude', 1],
    ['I was worried about the exam', 'worry', 0.5],
    ['我很累，今天很开心，真的开心', 'joy', 0.7],
    ['the crusade, the funeral and the mission', 'neutral', 0],
    ['042 913 007', 'neutral', 0],
  ])('of “%s” is %s', (transcript, emotion, intensity) => {
    expect(emotionOf(transcript)).toEqual({ emotion, intensity });
  });

  it('is always one of ours, with a strength from 0 to 1', () => {
    fc.assert(
      fc.property(fc.string(), (transcript) => {
        const { emotion, intensity } = emotionOf(transcript);
        expect(EMOTIONS).toContain(emotion);
        expect(intensity >= 0 && intensity <= 1).toBe(true);
      }),
    );
  });
});

it('the feedback refers to what was said', () => {
  expect(feedbackOf('I was afraid of the exam').feedback).toBe(
    'You said 6 words, beginning with “I was afraid of”. I hear fear in it. Thank you for writing it down.',
  );
  expect(feedbackOf('').feedback).not.toBe('');
});
