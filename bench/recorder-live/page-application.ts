/** The whole application as `npm start` has it, with the sandbox's latency model, and the way by which the page finds it. */
import { join } from 'node:path';
import { freePort } from '../../test/support/free-port.ts';
import { endProgram, runProgram } from '../../test/support/process.ts';
import { openLink } from '../upload/link.ts';
import type { PageLink } from './page-links.ts';

export type PageApplication = {
  /** Where the page is opened; signed URLs lead there too. */
  readonly url: string;
  stop(): Promise<void>;
};

export async function startPageApplication(folder: string, link: PageLink): Promise<PageApplication> {
  const own = `http://127.0.0.1:${await freePort()}`;
  const { kilobits, downKilobits, rttMs } = link;
  const slow =
    rttMs === null ? null : await openLink(() => own, { kilobits, downKilobits, latencyMs: rttMs / 2 });
  const url = slow?.proxy.origin ?? own;
  const program = runProgram('src/main.ts', [], {
    PORT: new URL(own).port,
    PUBLIC_URL: url,
    DATA_DIR: join(folder, `application-${kilobits}-${rttMs}`),
    LOG_LEVEL: 'warn',
    SANDBOX_LATENCY: 'published',
  });
  const stop = async () => {
    await endProgram(program);
    await slow?.close();
  };
  try {
    await program.printed(/^ready /m);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
