import type { ReactNode } from 'react';
import { CheckIcon, DotIcon, OpenIcon, PlayIcon, WarningIcon } from '../console/icons.tsx';
import type { Timeline } from './admin-types.ts';
import { words } from './words.ts';

const ICONS: Readonly<Record<Timeline['state'], ReactNode>> = {
  recording: <PlayIcon size={14} />,
  processing: <OpenIcon size={14} />,
  completed: <CheckIcon size={14} />,
  failed: <WarningIcon size={14} />,
  expired: <WarningIcon size={14} />,
  erased: <DotIcon size={14} />,
};

export function StatePill({ state }: { readonly state: Timeline['state'] }) {
  return (
    <span className="pill" data-state={state}>
      {ICONS[state]}
      {words.states[state]}
    </span>
  );
}
