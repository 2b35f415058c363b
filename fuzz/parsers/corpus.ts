/** Real files to damage: recordings in every container (what a browser or a phone writes where ffmpeg is here), pictures, texts. */
import sharp from 'sharp';
import { dtmfSamples } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { wavFile } from '../../src/media/wav.ts';
import {
  convert,
  ffmpegMissing,
  fragmentedMp4Aac,
  fragmentedMp4Opus,
  mp4Aac,
  oggOpus,
  webmOpus,
} from '../../test/support/ffmpeg.ts';
import { opusFile, opusPacket, pcmFormat } from '../../test/support/sound-files.ts';

export type CorpusKind =
  | 'sound'
  | 'opus'
  | 'picture'
  | 'events'
  | 'completion'
  | 'transcription'
  | 'cursor'
  | 'range'
  | 'url';
export type Corpus = Readonly<Record<CorpusKind, readonly Uint8Array[]>>;

const RATE = 8_000;
const text = (...values: readonly string[]) => values.map((value) => new TextEncoder().encode(value));

export async function makeCorpus(): Promise<Corpus> {
  const wav = wavBytes(dtmfSamples(['042', '913'], { rate: RATE }), RATE);
  const packets = Array.from({ length: 40 }, (_, index) =>
    opusPacket({ frame: index % 3 === 0 ? 60 : 20, body: Uint8Array.of(index, 7 * index, 255 - index, 3) }),
  );
  const byHand = await Promise.all(
    (['webm', 'mp4', 'ogg'] as const).map((each) => opusFile(each, packets, 312)),
  );
  return {
    sound: [wav, wavFile(pcmFormat(2, 44_100, 24), new Uint8Array(6 * 3_000)), ...byHand, ...recorded(wav)],
    opus: packets.map((packet) => packet.slice()),
    picture: await pictures(),
    events: text(
      'retry: 2000\n\n: ping\n\nid: 3\nevent: status\ndata: {"state":"recording","version":3,"progress":12}\n\n',
      'id: 9\r\nevent: status\r\ndata: {"state":\ndata: "completed"}\n\nevent: other\ndata: x\n\n',
    ),
    completion: text(
      JSON.stringify({
        choices: [
          {
            finish_reason: 'stop',
            message: { content: JSON.stringify({ title: 'A day', text: 'It was one.' }) },
          },
        ],
      }),
    ),
    transcription: text(
      JSON.stringify({
        text: '042 913',
        duration: 1.5,
        language: 'english',
        words: [
          { word: '042', start: 0, end: 0.4 },
          { word: '913', start: 0.5, end: 0.9 },
        ],
      }),
    ),
    cursor: text(
      Buffer.from('["2026-11-28T12:00:00.000Z","94b4b76d-3db3-4c73-b8f5-edc5290555b6"]').toString(
        'base64url',
      ),
    ),
    range: text('bytes=0-99', 'bytes=-5', 'bytes=7-', 'bytes=0-0,5-9'),
    url: text('exp=1795873091&max=1000&type=audio%2Fwav&sig=', 'exp=1795873091&sig='),
  };
}

/** As phones and browsers write them; none where ffmpeg is missing. */
function recorded(wav: Uint8Array): Uint8Array[] {
  if (ffmpegMissing() !== null) return [];
  return [
    webmOpus(wav),
    mp4Aac(wav),
    fragmentedMp4Aac(wav),
    fragmentedMp4Opus(wav),
    oggOpus(wav),
    convert(wav, ['-c:a', 'adpcm_ima_wav', '-f', 'wav'], 'wav'),
    convert(wav, ['-c:a', 'libmp3lame', '-f', 'mp3'], 'mp3'),
  ].map((file) => new Uint8Array(file));
}

function pictures(): Promise<Uint8Array[]> {
  const picture = () => sharp({ create: { width: 40, height: 30, channels: 3, background: '#c63' } });
  return Promise.all(
    [picture().jpeg(), picture().png(), picture().webp(), picture().gif(), picture().avif()].map(
      async (each) => new Uint8Array(await each.toBuffer()),
    ),
  );
}
