import { useEffect, useRef } from 'react';
import type { View } from 'react-native';
import { moveFocus } from './move-focus.ts';

/**
 * For buttons that go away with the state they were of: when their action has changed `step`, the focus moves to `view`
 * instead of being lost. A change that comes later, by itself, moves nothing.
 */
export function useFocusAfter(step: string, view: { readonly current: View | null }) {
  const expected = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: at each change of the step
  useEffect(() => {
    if (expected.current) moveFocus(view.current);
    expected.current = false;
  }, [step]);
  return (action: () => unknown) => {
    expected.current = true;
    void Promise.resolve(action()).finally(() => {
      expected.current = false;
    });
  };
}
