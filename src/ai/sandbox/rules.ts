/**
 * The sandbox's chat answers are rules over the given text, so that what was polished can be traced to what was heard:
 * every word, in its order, nothing added but capitals and full stops.
 */
import { EMOTIONS, type Emotion } from '../ai.ts';

export type Material = { readonly transcript: string; readonly imageDescriptions: readonly string[] };

const TITLE_WORDS = 6;
const TITLE_CHARACTERS = 60;
/** What is said without a full stop gets one after so many words. */
const SENTENCE_WORDS = 15;
const SENTENCE_END = /[.!?…。！？]["”’)]?$/;

export function entryOf({ transcript, imageDescriptions }: Material): { title: string; text: string } {
  const sentences = [...sentencesOf(transcript), ...imageDescriptions.map((text) => text.trim())]
    .filter((text) => text !== '')
    .map(finished);
  return {
    title: titleOf(transcript) || titleOf(imageDescriptions[0] ?? '') || 'Without words',
    text: sentences.join(' ') || 'Without words.',
  };
}

/** The first words of the first sentence; of a language without spaces, its first clause. */
function titleOf(text: string): string {
  const [clause = ''] = text.trim().split(/[。！？，、]/);
  const words = wordsOf(clause).slice(0, TITLE_WORDS);
  const end = words.findIndex((word) => SENTENCE_END.test(word));
  const title = words.slice(0, end === -1 ? undefined : end + 1).join(' ');
  return capitalised([...title.replace(/[.,;:!?…]+$/, '')].slice(0, TITLE_CHARACTERS).join(''));
}

/** Latin words are matched whole, Han words (which are not set apart) anywhere. */
const EMOTION_WORDS: Readonly<Record<Emotion, readonly string[]>> = {
  joy: ['happy', 'glad', 'joy', 'fun', 'laugh', 'laughed', 'wonderful', 'great', '开心', '高兴', '快乐'],
  gratitude: ['thank', 'thanks', 'thankful', 'grateful', 'gratitude', '感谢', '感恩'],
  calm: ['calm', 'quiet', 'peaceful', 'relaxed', '平静', '安静'],
  hope: ['hope', 'hoped', 'hopeful', 'hoping', '希望', '期待'],
  sadness: ['sad', 'cried', 'cry', 'miss', 'lonely', '难过', '伤心'],
  anger: ['angry', 'anger', 'furious', 'annoyed', '生气', '愤怒'],
  fear: ['afraid', 'scared', 'fear', 'frightened', '害怕'],
  worry: ['worried', 'worry', 'anxious', 'nervous', '担心', '焦虑'],
  tiredness: ['tired', 'exhausted', 'sleepy', '疲惫', '很累'],
  neutral: [],
};

export function emotionOf(transcript: string): { emotion: Emotion; intensity: number } {
  const text = transcript.toLowerCase();
  const said = new Map<string, number>();
  for (const [word] of text.matchAll(/[a-z]+/g)) said.set(word, (said.get(word) ?? 0) + 1);
  const timesSaid = (word: string) =>
    said.get(word) ?? (/\p{Script=Han}/u.test(word) ? text.split(word).length - 1 : 0);
  const counts = EMOTIONS.map((emotion) => ({
    emotion,
    hits: EMOTION_WORDS[emotion].reduce((sum, word) => sum + timesSaid(word), 0),
  }));
  const best = counts.reduce((a, b) => (b.hits > a.hits ? b : a));
  if (best.hits === 0) return { emotion: 'neutral', intensity: 0 };
  return { emotion: best.emotion, intensity: Math.min(1, (3 + 2 * best.hits) / 10) };
}

export function feedbackOf(transcript: string): { feedback: string } {
  const words = wordsOf(transcript);
  if (words.length === 0) return { feedback: 'You were quiet this time. That is fine too.' };
  const first = [...words.slice(0, 4).join(' ')].slice(0, TITLE_CHARACTERS).join('');
  const { emotion } = emotionOf(transcript);
  const felt = emotion === 'neutral' ? '' : ` I hear ${emotion} in it.`;
  const length = words.length === 1 ? '1 word' : `${words.length} words`;
  return { feedback: `You said ${length}, beginning with “${first}”.${felt} Thank you for writing it down.` };
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  const current: string[] = [];
  for (const word of wordsOf(text)) {
    current.push(word);
    if (SENTENCE_END.test(word) || current.length >= SENTENCE_WORDS)
      sentences.push(current.splice(0).join(' '));
  }
  if (current.length > 0) sentences.push(current.join(' '));
  return sentences;
}

function finished(sentence: string): string {
  const whole = capitalised(sentence);
  if (SENTENCE_END.test(whole)) return whole;
  return `${whole}${/\p{Script=Han}$/u.test(whole) ? '。' : '.'}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
