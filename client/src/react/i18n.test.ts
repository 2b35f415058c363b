import { describe, expect, it } from '@jest/globals';
import { clockTime } from './durations.ts';
import { createVoiceI18n, spokenDuration, voiceResources, type Words } from './i18n.ts';
import { en } from './locales/en.ts';
import { zh } from './locales/zh.ts';

/** Every leaf as `path: words`; plural forms under their stem, as a language has the forms that it has. */
function leaves(words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]): [string, string][] => {
    const at = `${path}${key.replace(/_(zero|one|two|few|many|other)$/, '')}`;
    return typeof value === 'string' ? [[at, value]] : leaves(value, `${at}.`);
  });
}

const keysOf = (words: object) => [...new Set(leaves(words).map(([key]) => key))].sort();
const slots = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
const wordsIn = (language: string): Words => createVoiceI18n(language).t as unknown as Words;

describe('the two languages', () => {
  it('have the same keys', () => {
    expect(keysOf(zh)).toEqual(keysOf(en));
  });

  it('have words for each, with the same values in them', () => {
    const chinese = new Map(leaves(zh));
    for (const [key, text] of leaves(en)) {
      expect([key, chinese.get(key)?.trim() === '' && key !== 'duration.join']).toEqual([key, false]);
      expect([key, slots(chinese.get(key) ?? '')]).toEqual([key, slots(text)]);
    }
  });

  it('say the five safeties in five ways', () => {
    for (const { safety } of [en, zh]) expect(new Set(Object.values(safety)).size).toBe(5);
  });

  it('are offered under one namespace', () => {
    expect(voiceResources).toEqual({ en: { voice: en }, zh: { voice: zh } });
  });
});

describe('an i18next of these words', () => {
  it('is ready at once, and takes a region for its language', () => {
    expect(wordsIn('en')('phase.recording')).toBe('Recording');
    expect(wordsIn('zh-CN')('phase.recording')).toBe('正在录音');
    expect(wordsIn('en-GB')('phase.recording')).toBe('Recording');
  });

  it('falls back to English where a language is not there', () => {
    expect(wordsIn('fr')('phase.recording')).toBe('Recording');
  });

  it('counts as the language does', () => {
    expect(wordsIn('en')('upload.parts', { count: 1, sent: 0 })).toBe('0 of 1 part sent');
    expect(wordsIn('en')('upload.parts', { count: 9, sent: 7 })).toBe('7 of 9 parts sent');
    expect(wordsIn('zh')('upload.parts', { count: 1, sent: 0 })).toBe('已上传 0/1 段');
  });
});

describe('a duration', () => {
  it('is seen in digits', () => {
    expect([0, 999, 65_000, 754_000, 3_723_000, Number.NaN, -1].map(clockTime)).toEqual([
      '00:00',
      '00:00',
      '01:05',
      '12:34',
      '1:02:03',
      '00:00',
      '00:00',
    ]);
  });

  it('is heard in words', () => {
    const english = wordsIn('en');
    expect(spokenDuration(english, 0)).toBe('0 seconds');
    expect(spokenDuration(english, 61_000)).toBe('1 minute 1 second');
    expect(spokenDuration(english, 3_600_000)).toBe('1 hour');
    expect(spokenDuration(wordsIn('zh'), 125_000)).toBe('2 分钟 5 秒');
  });
});
