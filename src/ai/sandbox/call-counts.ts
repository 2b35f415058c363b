/** How often each endpoint was called and how it ended, so that a test can say what was asked of the provider. */
import type { ServerResponse } from 'node:http';

const COUNTED = ['/v1/audio/transcriptions', '/v1/chat/completions'];

export type CallCounts = {
  /** Counts this call when it has ended: under its status, or `cut` when its connection broke first. */
  count(path: string, response: ServerResponse): void;
  /** Calls by path and outcome; `underWay`: not answered yet. */
  summary(): {
    readonly requests: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly underWay: number;
  };
};

export function createCallCounts(): CallCounts {
  const requests: Record<string, Record<string, number>> = {};
  let underWay = 0;
  return {
    count(path, response) {
      const name = COUNTED.includes(path) ? path : 'other';
      underWay++;
      response.once('close', () => {
        underWay--;
        const outcome = response.writableFinished ? String(response.statusCode) : 'cut';
        requests[name] = { ...requests[name], [outcome]: (requests[name]?.[outcome] ?? 0) + 1 };
      });
    },
    summary: () => ({ requests, underWay }),
  };
}
