/** All words people see, for i18next: the namespace `voice`. An app with i18next of its own adds `voiceResources` to it. */
import { createInstance, type i18n, type TFunction } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { parts } from './durations.ts';
import { en } from './locales/en.ts';
import type { VoiceKey, VoiceWords } from './locales/voice-words.ts';
import { zh } from './locales/zh.ts';

export const voiceResources: Readonly<Record<'en' | 'zh', { readonly voice: VoiceWords }>> = {
  en: { voice: en },
  zh: { voice: zh },
};

/**
 * An i18next instance that has these words and nothing else, ready at once; it also becomes react-i18next's default.
 * `zh-CN` and the like are `zh`.
 */
export function createVoiceI18n(language: string): i18n {
  const instance = createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    supportedLngs: ['en', 'zh'],
    nonExplicitSupportedLngs: true,
    load: 'languageOnly',
    ns: ['voice'],
    defaultNS: 'voice',
    resources: voiceResources,
    interpolation: { escapeValue: false }, // React escapes
    initAsync: false,
  });
  return instance;
}

type Values = { readonly count?: number; readonly [name: string]: string | number | undefined };

/** As i18next's `t`, with the keys that there are. */
export type Words = (key: VoiceKey, values?: Values) => string;

/** The words in the app's language; draws again when it changes. */
export function useWords(): Words {
  const { t } = useTranslation('voice');
  return wordsOf(t);
}

/** The language of the words, as BCP 47: for dates. */
export function useLanguage(): string {
  return useTranslation('voice').i18n.language;
}

function wordsOf(t: TFunction<'voice'>): Words {
  return (key, values) => t(key as never, values as never) as unknown as string;
}

/** `1 minute 5 seconds`, to be heard. */
export function spokenDuration(words: Words, milliseconds: number): string {
  const { hours, minutes, seconds } = parts(milliseconds);
  const said = [
    hours > 0 ? words('duration.hours', { count: hours }) : '',
    minutes > 0 ? words('duration.minutes', { count: minutes }) : '',
    seconds > 0 || hours + minutes === 0 ? words('duration.seconds', { count: seconds }) : '',
  ];
  return said.filter((part) => part !== '').join(words('duration.join'));
}
