/** i18next with the page's words (`page`) and those of the recording panel (`voice`). */
import { voiceResources } from '@thankly/voice-client/react';
import { createInstance, type i18n } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { isLanguage, LANGUAGES, type Language, tagOf } from './language.ts';
import { en } from './words/en.ts';
import type { PageKey } from './words/page-words.ts';
import { zh } from './words/zh.ts';

export function createI18n(language: Language): i18n {
  const instance = createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    supportedLngs: [...LANGUAGES],
    ns: ['page', 'voice'],
    defaultNS: 'page',
    resources: { en: { page: en, ...voiceResources.en }, zh: { page: zh, ...voiceResources.zh } },
    interpolation: { escapeValue: false }, // React escapes
    initAsync: false,
  });
  return instance;
}

type Values = { readonly count?: number; readonly [name: string]: string | number | undefined };

export type Words = (key: PageKey, values?: Values) => string;

export type PageLanguage = {
  readonly words: Words;
  readonly language: Language;
  /** For numbers and times: as the browser's owner writes that language, such as `en-GB`. */
  readonly tag: string;
};

/** The page's words, and the language they are in; draws again when it changes. */
export function useWords(): PageLanguage {
  const { t, i18n } = useTranslation('page');
  const language = isLanguage(i18n.resolvedLanguage) ? i18n.resolvedLanguage : 'en';
  return {
    words: (key, values) => t(key as never, values as never) as unknown as string,
    language,
    tag: tagOf(language, navigator.languages),
  };
}
