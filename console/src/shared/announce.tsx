/** What happened and is not where the eyes or the focus are: said once, politely, to screen readers. */
import { VisuallyHidden } from '@mantine/core';
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';

export type Announce = (text: string) => void;

const AnnounceContext = createContext<Announce>(() => undefined);

export const useAnnounce = () => useContext(AnnounceContext);

export function Announcer({ children }: { readonly children: ReactNode }) {
  const [said, setSaid] = useState({ text: '', times: 0 });
  const announce = useCallback((text: string) => setSaid(({ times }) => ({ text, times: times + 1 })), []);
  return (
    <AnnounceContext value={announce}>
      {children}
      <VisuallyHidden role="status">
        {/* A new element each time: the same words twice are said twice. */}
        <span key={said.times}>{said.text}</span>
      </VisuallyHidden>
    </AnnounceContext>
  );
}
