import { SegmentedControl, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { DeviceIcon, MoonIcon, SunIcon } from './icons.tsx';

export type SchemeTexts = Readonly<Record<'label' | 'light' | 'auto' | 'dark', string>>;

/** Light, dark, or as the device is. */
export function SchemeChoice({ texts }: { readonly texts: SchemeTexts }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const option = (value: 'light' | 'auto' | 'dark', icon: ReactNode) => ({
    value,
    label: (
      <span className="scheme" title={texts[value]}>
        {icon}
        <VisuallyHidden>{texts[value]}</VisuallyHidden>
      </span>
    ),
  });
  return (
    <SegmentedControl
      size="xs"
      className="schemes"
      aria-label={texts.label}
      value={colorScheme}
      onChange={setColorScheme}
      data={[option('light', <SunIcon />), option('auto', <DeviceIcon />), option('dark', <MoonIcon />)]}
    />
  );
}
