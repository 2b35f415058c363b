/** How long the sandbox takes, as a table: src/ai/sandbox/latency.ts has the model. */
import { publishedLatency } from '../../src/ai/sandbox/latency.ts';
import { quantile } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';

const DRAWS = 20_000;
const TITLE_CHARACTERS = 40;
const PARAGRAPH_CHARACTERS = 600;

/** Drawn from the model itself, so that it cannot say other than what is used. */
export function publishedLatencySources(): BenchTable {
  const model = publishedLatency(1);
  const row = (what: string, draw: () => number) => {
    const drawn = Array.from({ length: DRAWS }, draw);
    return [what, ...[0.5, 0.95].map((share) => `${(quantile(drawn, share) / 1000).toFixed(2)} s`)];
  };
  const chat = (characters: number) => () => {
    const { firstTokenMs, perCharacterMs } = model.chat();
    return firstTokenMs + characters * perCharacterMs;
  };
  return {
    title: 'The latency model',
    intro:
      'How long the sandbox takes to answer (SANDBOX_LATENCY=published), drawn from published measurements, not ours. Transcription: 0.6 s + 0.02 s a second of sound, a line through the round trips of whisper-1 that the maker of dictate.app published (750 ms for 5 s of sound, 820 ms for 15 s, 1.1 s for 30 s, 1.8 s for 60 s; 2026), which agrees with 1.87 s on average over 50 short clips (haozhe-li.github.io/LLM-Comparison, sttv2). Chat: 0.45 s to the first token (Artificial Analysis’ median for gpt-4o, June 2026) and 59 tokens a second (gpt-4o-mini, community.openai.com/t/1307310, 2025), four characters a token. Scatter is assumed: log-normal with sigma 0.35.',
    columns: ['call', 'median', 'p95'],
    rows: [
      row('transcription of 5 s', () => model.transcription(5_000)),
      row('transcription of 15 s', () => model.transcription(15_000)),
      row('transcription of 5 min', () => model.transcription(300_000)),
      row('transcription of 10 min', () => model.transcription(600_000)),
      row(`chat, an answer of ${TITLE_CHARACTERS} characters`, chat(TITLE_CHARACTERS)),
      row(`chat, an answer of ${PARAGRAPH_CHARACTERS} characters`, chat(PARAGRAPH_CHARACTERS)),
    ],
  };
}
