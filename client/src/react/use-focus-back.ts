import { useEffect, useRef } from 'react';
import type { View } from 'react-native';
import { moveFocus } from './move-focus.ts';

/** The ref of the button that a question came from: when the question is answered, the focus goes back to it. */
export function useFocusBack(isAsking: boolean) {
  const button = useRef<View>(null);
  const wasAsking = useRef(isAsking);
  useEffect(() => {
    if (wasAsking.current && !isAsking) moveFocus(button.current);
    wasAsking.current = isAsking;
  }, [isAsking]);
  return button;
}
