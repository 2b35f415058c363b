/** @jest-environment jsdom */
import { beforeEach, expect, it, jest } from '@jest/globals';
import { createNavigation } from './navigation.ts';

const scrolls = jest.fn();
beforeEach(() => {
  window.history.replaceState(null, '', '/console');
  window.scrollTo = scrolls as unknown as typeof window.scrollTo;
  scrolls.mockClear();
});

it('goes to another page from its top, and tells', () => {
  const navigation = createNavigation(window);
  const seen: string[] = [];
  const leave = navigation.subscribe(() => seen.push(navigation.address));
  navigation.go('/console/sessions');
  navigation.go('/console/sessions?stuck=true');
  leave();
  navigation.go('/console');
  expect(seen).toEqual(['/console/sessions', '/console/sessions?stuck=true']);
  expect(scrolls).toHaveBeenCalledTimes(2);
});

it('takes no step to where one is', () => {
  const navigation = createNavigation(window);
  const { length } = window.history;
  navigation.go('/console');
  expect(window.history.length).toBe(length);
});

it('follows the browser’s own steps', async () => {
  const navigation = createNavigation(window);
  navigation.go('/console/consumers');
  const back = new Promise<void>((resolve) => void navigation.subscribe(resolve));
  window.history.back();
  await back;
  expect(navigation.address).toBe('/console');
});
