import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Mark } from '../shared/icons.tsx';
import type { Remembered } from '../shared/remembered.ts';
import { SchemeChoice } from '../shared/scheme-choice.tsx';
import { useWords } from './i18n.ts';
import { LANGUAGE_TAG, type Language } from './language.ts';

/** Each language in its own words: who needs it can read it. */
const OTHER = {
  en: { to: 'zh', name: '中文', short: '中文' },
  zh: { to: 'en', name: 'English', short: 'EN' },
} as const satisfies Readonly<Record<Language, object>>;

export function PageHeader({ remember }: { readonly remember: Remembered }) {
  const { words, language } = useWords();
  const { i18n } = useTranslation();
  const other = OTHER[language];
  return (
    <header className="page-header">
      <div className="brand">
        <Mark />
        <div>
          <h1>{words('name')}</h1>
          <p>{words('tagline')}</p>
        </div>
      </div>
      <div className="settings">
        <Button
          aria-label={other.name}
          variant="subtle"
          size="compact-md"
          lang={LANGUAGE_TAG[other.to]}
          onClick={() => {
            remember.write(other.to);
            void i18n.changeLanguage(other.to);
          }}
        >
          {other.short}
        </Button>
        <SchemeChoice
          texts={{
            label: words('scheme.label'),
            light: words('scheme.light'),
            auto: words('scheme.auto'),
            dark: words('scheme.dark'),
          }}
        />
      </div>
    </header>
  );
}
