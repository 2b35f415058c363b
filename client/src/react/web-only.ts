import { Platform } from 'react-native';

/**
 * Props that react-native-web hands on to the page and React Native's types don't have, such as a heading's level.
 * Phones don't get them.
 */
export function webOnly(props: Readonly<Record<string, unknown>>): object {
  return Platform.OS === 'web' ? props : {};
}

export function headingLevel(level: 2 | 3 | 4): object {
  return webOnly({ 'aria-level': level });
}
