/** What is compared: who records, over which link, and how it is sent. */
import type { BenchApplication } from '../support/application.ts';
import type { Link } from './link.ts';
import type { BenchRecording } from './long-recording.ts';
import type { Outcome } from './outcome.ts';
import { recordWithManager } from './record-with-manager.ts';
import { sendWithTus, streamWithTus } from './record-with-tus.ts';
import type { TusServer } from './tus-server.ts';

export type Servers = {
  readonly chunked: BenchApplication;
  /** The same application, whose flag says `single`. */
  readonly single: BenchApplication;
  readonly tus: TusServer;
};

export type Arm = {
  readonly name: string;
  readonly server: string;
  record(recording: BenchRecording, link: Link): Promise<Outcome>;
};

export function armsOf({ chunked, single, tus }: Servers) {
  return {
    chunked: {
      name: 'chunked',
      server: chunked.url,
      record: (recording, link) => recordWithManager(chunked, recording, link),
    },
    single: {
      name: 'single (control)',
      server: single.url,
      record: (recording, link) => recordWithManager(single, recording, link),
    },
    tus: {
      name: 'tus, the file after stop',
      server: tus.url,
      record: (recording, link) => sendWithTus(tus, recording, link),
    },
    tusStream: {
      name: 'tus, a stream while recording',
      server: tus.url,
      record: (recording, link) => streamWithTus(tus, recording, link),
    },
  } as const satisfies Record<string, Arm>;
}
