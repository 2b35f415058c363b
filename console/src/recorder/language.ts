/** The languages of the page, and which one a visitor gets. */

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/** What was asked for, else the first that the browser prefers and we have, else English. */
export function chooseLanguage(asked: readonly (string | null)[], preferred: readonly string[]): Language {
  const first = asked.find(isLanguage);
  if (first !== undefined) return first;
  const known = preferred.map((tag) => tag.toLowerCase().split('-')[0]).find(isLanguage);
  return known ?? 'en';
}

/** The browser's own variety of the language, else just the language. */
export function tagOf(language: Language, preferred: readonly string[]): string {
  const own = preferred.find((tag) => tag.toLowerCase().split('-')[0] === language);
  return own ?? LANGUAGE_TAG[language];
}

/** As `lang` says it (BCP 47), for screen readers and for the choice of glyphs. */
export const LANGUAGE_TAG: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-Hans' };
