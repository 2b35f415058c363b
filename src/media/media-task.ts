/** What passes between the pool and its workers. Errors go as data: a clone of a class is no longer of that class. */
import type { MessagePort } from 'node:worker_threads';
import type { Arrived, CutWindow, Joined, MediaWindow, TimeSpan } from './media.ts';
import type { MediaErrorCode } from './media-error.ts';

export type MediaTask =
  | { readonly kind: 'join'; readonly port: MessagePort; readonly count: number }
  | { readonly kind: 'cut'; readonly bytes: Uint8Array; readonly maxBytes: number }
  | { readonly kind: 'window'; readonly arrived: Arrived; readonly span: TimeSpan };

export type MediaTaskResult =
  | { readonly kind: 'joined'; readonly joined: Joined }
  | { readonly kind: 'cut'; readonly windows: readonly MediaWindow[] }
  | { readonly kind: 'window'; readonly cut: CutWindow }
  | { readonly kind: 'failed'; readonly code: MediaErrorCode; readonly message: string };

/** The worker asks for the next segment with this; the answer is its bytes, transferred, or null after the last. */
export const NEXT_SEGMENT = 'next';
