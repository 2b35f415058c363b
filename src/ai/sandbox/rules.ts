/**
 * The sandbox's chat answers are rules over the given text, so that what was polished can be traced to what was heard:
 * every word, in its order, nothing added but capitals and full stops.
 */
import { EMOTIONS, type Emotion } from '../ai.ts';

export type Material = { readonly transcript: string; readonly imageDescriptions: readonly string[] };

const TITLE_WORDS = 6;
const SENTENCE_WORDS = 15;

export function entryOf({ transcript, imageDescriptions }: Material): { title: string; text: string } {
  const words = wordsOf(transcript);
  const source = words.length > 0 ? words : wordsOf(imageDescriptions[0] ?? '');
  const title =
    capitalised(
      source
        .slice(0, TITLE_WORDS)
        .join(' ')
        .replace(/[.,;:!?]+$/, ''),
    ) || 'Without words';
  const pictures = imageDescriptions.map(sentence);
  const text = [...sentencesOf(transcript).map(sentence), ...pictures].join(' ') || 'Without words.';
  return { title, text };
}

const EMOTION_WORDS: Readonly<Record<Emotion, readonly string[]>> = {
  joy: ['happy', 'glad', 'joy', 'fun', 'laughed', 'wonderful', 'great', '开心', '高兴', '快乐'],
  gratitude: ['thank', 'thanks', 'thankful', 'grateful', '感谢', '感恩'],
  calm: ['calm', 'quiet', 'peaceful', 'relaxed', '平静'],
  hope: ['hope', 'hopeful', 'looking forward', '希望', '期待'],
  sadness: ['sad', 'cried', 'miss', 'lonely', '难过', '伤心'],
  anger: ['angry', 'furious', 'annoyed', '生气', '愤怒'],
  fear: ['afraid', 'scared', 'fear', '害怕'],
  worry: ['worried', 'worry', 'anxious', 'nervous', '担心', '焦虑'],
  tiredness: ['tired', 'exhausted', 'sleepy', '累', '疲惫'],
  neutral: [],
};

export function emotionOf(transcript: string): { emotion: Emotion; intensity: number } {
  const text = transcript.toLowerCase();
  const counts = EMOTIONS.map((emotion) => ({
    emotion,
    hits: EMOTION_WORDS[emotion].filter((word) => text.includes(word)).length,
  }));
  const best = counts.reduce((a, b) => (b.hits > a.hits ? b : a));
  if (best.hits === 0) return { emotion: 'neutral', intensity: 0 };
  return { emotion: best.emotion, intensity: Math.min(1, 0.4 + 0.2 * best.hits) };
}

export function feedbackOf(transcript: string): { feedback: string } {
  const words = wordsOf(transcript);
  const first = words.slice(0, 4).join(' ');
  return {
    feedback: `You said ${words.length} words, beginning with “${first}”. Thank you for writing it down.`,
  };
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function sentencesOf(text: string): string[] {
  const words = wordsOf(text);
  const sentences: string[] = [];
  const current: string[] = [];
  for (const word of words) {
    current.push(word);
    if (/[.!?。！？]$/.test(word) || current.length >= SENTENCE_WORDS)
      sentences.push(current.splice(0).join(' '));
  }
  if (current.length > 0) sentences.push(current.join(' '));
  return sentences;
}

function sentence(text: string): string {
  const whole = capitalised(text.trim());
  return /[.!?。！？]$/.test(whole) ? whole : `${whole}.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
