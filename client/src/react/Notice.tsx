import { StyleSheet, Text, View } from 'react-native';
import { useWords } from './i18n.ts';
import type { NoticeView } from './notices.ts';
import { useTheme } from './theme.ts';
import { useAnnouncement } from './use-announcement.ts';

/**
 * All notices, in two live regions that are there from the start: a region that comes with its words is not read.
 * Urgent ones interrupt, the others wait.
 */
export function Notices({ notices }: { readonly notices: readonly NoticeView[] }) {
  const urgent = notices.filter((notice) => notice.urgent);
  const calm = notices.filter((notice) => !notice.urgent);
  return (
    <View>
      <View role="alert" aria-live="assertive">
        {urgent.map((notice) => (
          <Notice key={notice.text} notice={notice} />
        ))}
      </View>
      <View role="status" aria-live="polite">
        {calm.map((notice) => (
          <Notice key={notice.text} notice={notice} />
        ))}
      </View>
    </View>
  );
}

function Notice({ notice }: { readonly notice: NoticeView }) {
  const words = useWords();
  const tone = useTheme().notice[notice.tone];
  const title = notice.title === undefined ? '' : words(notice.title);
  const text = words(notice.text);
  useAnnouncement(`${title} ${text}`.trim());
  return (
    <View style={[styles.notice, { backgroundColor: tone.ground, borderColor: tone.edge }]}>
      {title !== '' && <Text style={[styles.title, { color: tone.text }]}>{title}</Text>}
      <Text style={[styles.text, { color: tone.text }]}>{text}</Text>
    </View>
  );
}

const styles = /* @__PURE__ */ StyleSheet.create({
  notice: {
    marginTop: 16,
    borderRadius: 14,
    borderLeftWidth: 4,
    paddingVertical: 12,
    paddingHorizontal: 16,
    gap: 2,
  },
  title: { fontSize: 15, lineHeight: 22, fontWeight: '600' },
  text: { fontSize: 15, lineHeight: 22 },
});
