import type { ReactNode } from 'react';
import { Broken, BrokenPage } from '../shared/broken.tsx';
import { useWords } from './i18n.ts';

/** Says that nothing was lost. */
export function BrokenRecorder({ children }: { readonly children: ReactNode }) {
  const { words } = useWords();
  const instead = (
    <Broken title={words('broken.title')} text={words('broken.text')} reload={words('broken.reload')} />
  );
  return <BrokenPage instead={instead}>{children}</BrokenPage>;
}
