import { useState } from 'react';
import { StyleSheet, Text, View } from 'react-native';
import type { SessionStatus } from '../contract.ts';
import { ActionButton } from './ActionButton.tsx';
import { useWords, type Words } from './i18n.ts';
import type { VoiceKey } from './locales/voice-words.ts';
import { useTheme } from './theme.ts';
import { headingLevel } from './web-only.ts';

const EMOTIONS: Readonly<Record<string, VoiceKey>> = {
  joy: 'emotion.joy',
  gratitude: 'emotion.gratitude',
  calm: 'emotion.calm',
  hope: 'emotion.hope',
  sadness: 'emotion.sadness',
  anger: 'emotion.anger',
  fear: 'emotion.fear',
  worry: 'emotion.worry',
  tiredness: 'emotion.tiredness',
  neutral: 'emotion.neutral',
};

/** An emotion that is not known here is shown as it comes. */
export function emotionWord(words: Words, emotion: string): string {
  const key = Object.hasOwn(EMOTIONS, emotion) ? EMOTIONS[emotion] : undefined;
  return key === undefined ? emotion : words(key);
}

/** The entry to read: title, feeling, text, a word back; what was said literally on demand. */
export function EntryView({ status }: { readonly status: SessionStatus }) {
  const words = useWords();
  const theme = useTheme();
  const [isOpen, setIsOpen] = useState(false);
  const { entry, transcript } = status;
  const lostMs = (status.coverage?.gaps ?? []).reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const lostSeconds = Math.round(lostMs / 1000);
  const quiet = [styles.small, { color: theme.quietText }];
  return (
    <View role="article" aria-label={words('entry.label')} style={styles.entry}>
      {entry !== undefined && (
        <>
          <Text role="heading" {...headingLevel(3)} style={[styles.title, { color: theme.text }]}>
            {entry.title}
          </Text>
          {entry.emotion !== null && (
            <View style={[styles.emotion, { borderColor: theme.accent }]}>
              <Text style={[styles.small, { color: theme.accent }]}>{emotionWord(words, entry.emotion)}</Text>
            </View>
          )}
          <Text style={[styles.text, { color: theme.text }]}>{entry.text}</Text>
          {entry.feedback !== null && (
            <View style={[styles.feedback, { backgroundColor: theme.surface }]}>
              <Text style={quiet}>{words('entry.feedback')}</Text>
              <Text style={[styles.text, { color: theme.text }]}>{entry.feedback}</Text>
            </View>
          )}
        </>
      )}
      {lostSeconds > 0 && <Text style={quiet}>{words('entry.gaps', { count: lostSeconds })}</Text>}
      {status.provider === 'sandbox' && <Text style={quiet}>{words('entry.sandbox')}</Text>}
      {transcript !== undefined && transcript.text !== '' && (
        <View style={styles.said}>
          <ActionButton
            label={words('entry.transcript')}
            expanded={isOpen}
            onPress={() => setIsOpen(!isOpen)}
          />
          {isOpen && <Text style={[styles.text, { color: theme.quietText }]}>{transcript.text}</Text>}
        </View>
      )}
    </View>
  );
}

const styles = /* @__PURE__ */ StyleSheet.create({
  entry: { gap: 16 },
  title: { fontSize: 24, lineHeight: 32, fontWeight: '700' },
  emotion: {
    maxWidth: '100%',
    alignSelf: 'flex-start',
    borderWidth: 1.5,
    borderRadius: 14,
    paddingHorizontal: 12,
    paddingVertical: 2,
  },
  small: { fontSize: 14, lineHeight: 21 },
  text: { fontSize: 17, lineHeight: 27 },
  feedback: { borderRadius: 18, padding: 16, gap: 4 },
  said: { gap: 12, alignItems: 'flex-start' },
});
