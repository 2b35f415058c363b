import { Button, SegmentedControl, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useWords } from './i18n.ts';
import { DeviceIcon, Mark, MoonIcon, SunIcon } from './icons.tsx';
import { LANGUAGE_TAG, type Language } from './language.ts';
import type { Remembered } from './remembered.ts';

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
        <SchemeChoice />
      </div>
    </header>
  );
}

function SchemeChoice() {
  const { words } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const option = (value: 'light' | 'auto' | 'dark', icon: ReactNode) => ({
    value,
    label: (
      <span className="scheme" title={words(`scheme.${value}`)}>
        {icon}
        <VisuallyHidden>{words(`scheme.${value}`)}</VisuallyHidden>
      </span>
    ),
  });
  return (
    <SegmentedControl
      size="xs"
      className="schemes"
      aria-label={words('scheme.label')}
      value={colorScheme}
      onChange={setColorScheme}
      data={[option('light', <SunIcon />), option('auto', <DeviceIcon />), option('dark', <MoonIcon />)]}
    />
  );
}
