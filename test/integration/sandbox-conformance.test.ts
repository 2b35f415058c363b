/** The port's own suite, over OpenAI's client, on the sandbox provider. */
import sharp from 'sharp';
import { aiConformance } from '../../src/ai/conformance.ts';
import { createOpenAi } from '../../src/ai/openai/openai-ai.ts';
import { dtmfSamples } from '../../src/ai/sandbox/dtmf/encode.ts';
import { startSandbox } from '../../src/ai/sandbox/launch.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';

for (const transcribe of ['whisper-1', 'gpt-4o-mini-transcribe']) {
  aiConformance(`the sandbox, as ${transcribe}`, async () => {
    const sandbox = await startSandbox({ recogniser: 'none' });
    const words = ['042', '913', '007'];
    const connect = (apiKey: string) =>
      createOpenAi({ apiKey, baseUrl: `${sandbox.url}/v1`, models: { transcribe } });
    return {
      ai: connect('sk-test'),
      withWrongKey: connect('sk-invalid'),
      recording: { bytes: wavBytes(dtmfSamples(words), 16_000), mimeType: 'audio/wav', hears: words },
      jpeg: await sharp({ create: { width: 20, height: 20, channels: 3, background: '#808080' } })
        .jpeg()
        .toBuffer(),
      provider: 'sandbox',
      timesWords: transcribe === 'whisper-1',
      dispose: () => sandbox.stop(),
    };
  });
}
