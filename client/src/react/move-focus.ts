import { AccessibilityInfo, Platform, type View } from 'react-native';

/** Keyboard focus on the web, the screen reader's on phones. */
export function moveFocus(view: View | null): void {
  if (view === null) return;
  if (Platform.OS === 'web') view.focus();
  else AccessibilityInfo.sendAccessibilityEvent(view, 'focus');
}
