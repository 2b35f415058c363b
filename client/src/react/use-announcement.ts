import { useEffect } from 'react';
import { AccessibilityInfo, Platform } from 'react-native';

/** iOS has no live regions: what changes there is said. Elsewhere the live region does it, and this nothing. */
export function useAnnouncement(text: string): void {
  useEffect(() => {
    if (Platform.OS === 'ios' && text !== '') AccessibilityInfo.announceForAccessibility(text);
  }, [text]);
}
