import { describe, expect, it } from '@jest/globals';
import { chooseLanguage, tagOf } from './language.ts';

describe('numbers and times', () => {
  it('are written as the owner of the browser writes the language', () => {
    expect(tagOf('en', ['fr', 'en-GB', 'en'])).toBe('en-GB');
    expect(tagOf('zh', ['zh-TW', 'en'])).toBe('zh-TW');
    expect(tagOf('zh', ['en-US'])).toBe('zh-Hans');
  });
});

describe('the language of the page', () => {
  it('is the one that was asked for, before what the browser prefers', () => {
    expect(chooseLanguage([null, 'zh'], ['en-GB'])).toBe('zh');
    expect(chooseLanguage(['en', 'zh'], ['zh-CN'])).toBe('en');
  });

  it('is else the first preferred one that we have', () => {
    expect(chooseLanguage([null], ['fr-FR', 'zh-TW', 'en'])).toBe('zh');
    expect(chooseLanguage([null, 'xx'], ['en-US', 'zh'])).toBe('en');
  });

  it('is English when nothing fits', () => {
    expect(chooseLanguage([null], ['fr', 'de'])).toBe('en');
    expect(chooseLanguage([], [])).toBe('en');
  });
});
