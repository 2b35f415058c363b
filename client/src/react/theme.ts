/**
 * Colours, light and dark: warm paper, one accent. Text on each of its grounds has a contrast of at least 4.5 : 1, and
 * what has to be seen to be used at least 3 : 1 (WCAG 2.2 AA, 1.4.3 and 1.4.11); `theme.test.ts` counts them.
 */
import { createContext, useContext } from 'react';
import { useColorScheme } from 'react-native';

export type ColourScheme = 'light' | 'dark';

export type Tone = { readonly ground: string; readonly edge: string; readonly text: string };

export type Theme = {
  readonly ground: string;
  /** Cards and the quieter buttons. */
  readonly surface: string;
  readonly line: string;
  readonly text: string;
  readonly quietText: string;
  readonly accent: string;
  readonly onAccent: string;
  /** The part of a bar that is not filled, and a level of silence. */
  readonly track: string;
  readonly danger: string;
  readonly backdrop: string;
  readonly notice: Readonly<Record<'info' | 'warning' | 'danger', Tone>>;
};

export const THEMES: Readonly<Record<ColourScheme, Theme>> = {
  light: {
    ground: '#FCFAF7',
    surface: '#F3EEE8',
    line: '#DDD4CB',
    text: '#2A2420',
    quietText: '#665B54',
    accent: '#AD4328',
    onAccent: '#FFFFFF',
    track: '#E4DBD2',
    danger: '#A11B2C',
    backdrop: 'rgba(30, 22, 18, 0.45)',
    notice: {
      info: { ground: '#EAF0F4', edge: '#4A7389', text: '#213742' },
      warning: { ground: '#FBF0D9', edge: '#A8700B', text: '#4A3306' },
      danger: { ground: '#FBE9E8', edge: '#B4303D', text: '#5E131D' },
    },
  },
  dark: {
    ground: '#1A1614',
    surface: '#27211E',
    line: '#443B36',
    text: '#F4EEE9',
    quietText: '#B8ACA4',
    accent: '#F09A7E',
    onAccent: '#2B120A',
    track: '#3A322D',
    danger: '#FF9AA0',
    backdrop: 'rgba(0, 0, 0, 0.6)',
    notice: {
      info: { ground: '#1E2A31', edge: '#6FA3BC', text: '#D3E4EC' },
      warning: { ground: '#33280F', edge: '#D9A23A', text: '#F6E2B4' },
      danger: { ground: '#3A1B1E', edge: '#EE7B84', text: '#FBD5D7' },
    },
  },
};

export const ThemeContext = createContext<Theme>(THEMES.light);

export function useTheme(): Theme {
  return useContext(ThemeContext);
}

/** The device's theme, unless the app has one of its own. */
export function useThemeOf(scheme: ColourScheme | undefined): Theme {
  const device = useColorScheme();
  return THEMES[scheme ?? (device === 'dark' ? 'dark' : 'light')];
}
