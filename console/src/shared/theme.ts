/** Mantine in the colours of the recording panel: they are the client's, so that page and panel are one. */
import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorScheme,
  type MantineColorsTuple,
} from '@mantine/core';
import { type ColourScheme, THEMES } from '@thankly/voice-client/react';

/** The accent in ten steps; 8 is the one on light ground, 4 the one on dark. */
const accent: MantineColorsTuple = [
  '#FDF1ED',
  '#FADDD4',
  '#F6C3B4',
  '#F3AC96',
  THEMES.dark.accent,
  '#DF7C5D',
  '#CC6142',
  '#BC4F32',
  THEMES.light.accent,
  '#8C3520',
];

const red: MantineColorsTuple = [
  '#FFF0F0',
  '#FFDCDE',
  '#FFC3C7',
  '#FFACB1',
  THEMES.dark.danger,
  '#EC6B76',
  '#D64A58',
  '#BC2F40',
  THEMES.light.danger,
  '#851222',
];

export const theme = createTheme({
  colors: { accent, red },
  primaryColor: 'accent',
  primaryShade: { light: 8, dark: 4 },
  // The accent is dark on light ground and light on dark: what stands on it turns with it.
  variantColorResolver: (input) => {
    const colours = defaultVariantColorsResolver(input);
    if (input.variant === 'filled') return { ...colours, color: 'var(--page-on-accent)' };
    if (input.variant === 'outline' && input.color === 'red') {
      return { ...colours, color: 'var(--page-danger)', border: '1px solid var(--page-danger)' };
    }
    if (input.variant !== 'subtle') return colours;
    return { ...colours, color: input.color === 'red' ? 'var(--page-danger)' : 'var(--page-accent)' };
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { radius: 'xl' } },
    SegmentedControl: { defaultProps: { radius: 'xl' } },
  },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: variablesOf('light'),
  dark: variablesOf('dark'),
});

function variablesOf(scheme: ColourScheme): Record<string, string> {
  const {
    ground,
    surface,
    line,
    text,
    quietText,
    accent: main,
    onAccent,
    track,
    danger,
    notice,
  } = THEMES[scheme];
  return {
    '--mantine-color-body': ground,
    '--mantine-color-text': text,
    '--mantine-color-dimmed': quietText,
    '--mantine-color-placeholder': quietText,
    '--mantine-color-default': ground,
    '--mantine-color-default-hover': surface,
    '--mantine-color-default-color': text,
    '--mantine-color-default-border': line,
    '--mantine-color-anchor': main,
    '--mantine-color-error': danger,
    '--page-ground': ground,
    '--page-surface': surface,
    '--page-line': line,
    '--page-text': text,
    '--page-quiet': quietText,
    '--page-accent': main,
    '--page-on-accent': onAccent,
    '--page-backdrop': THEMES[scheme].backdrop,
    '--page-track': track,
    '--page-danger': danger,
    '--page-danger-ground': notice.danger.ground,
    '--page-danger-edge': notice.danger.edge,
    '--page-danger-text': notice.danger.text,
    '--page-info-ground': notice.info.ground,
    '--page-info-edge': notice.info.edge,
    '--page-info-text': notice.info.text,
    '--page-warning-ground': notice.warning.ground,
    '--page-warning-edge': notice.warning.edge,
    '--page-warning-text': notice.warning.text,
  };
}

/** Before the first paint, so that a dark page never flashes white; Mantine keeps it from then on. */
export function applyScheme(scheme: MantineColorScheme): void {
  const isDark =
    scheme === 'dark' || (scheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');
}
