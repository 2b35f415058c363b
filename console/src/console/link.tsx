import { Anchor } from '@mantine/core';
import { createContext, type MouseEvent, type ReactNode, useContext } from 'react';
import type { Navigation } from './navigation.ts';

export const NavigationContext = createContext<Navigation | null>(null);

/** @throws Error outside the provider */
export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (navigation === null) throw new Error('there is no navigation here');
  return navigation;
}

export type LinkProps = {
  readonly href: string;
  readonly children: ReactNode;
  readonly className?: string;
  /** It names where one is, or a choice that is made. */
  readonly current?: 'page' | 'true' | false;
};

/** To another page of the console. A click that asks for another tab or window is left to the browser. */
export function Link({ href, children, className, current = false }: LinkProps) {
  const navigation = useNavigation();
  function follow(event: MouseEvent): void {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigation.go(href);
  }
  return (
    <Anchor
      href={href}
      inherit
      {...(className === undefined ? {} : { className })}
      aria-current={current}
      onClick={follow}
    >
      {children}
    </Anchor>
  );
}
