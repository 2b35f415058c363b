/**
 * Whether what was read from a device's store is a record this app can go on with. It may have been written by another
 * version of the app, or half of it may be gone: then it is left where it is, for the version that understands it.
 * Properties that are not known are no reason to refuse: a newer app may have added some.
 */
import type { KeptChunk, KeptRecording, KeptSession } from './kept-recording.ts';

export function isKeptRecording(value: unknown): value is KeptRecording {
  return (
    isObject(value) &&
    value.version === 1 &&
    isId(value.recordingId) &&
    (value.owner === undefined || isString(value.owner)) &&
    isString(value.createdAt) &&
    isString(value.mimeType) &&
    isOneOf(['stream', 'segments', 'slices'], value.mode) &&
    isAmount(value.chunkSeconds) &&
    areChunks(value.chunks) &&
    isOneOf(['chunked', 'single'], value.wanted) &&
    isAmount(value.round) &&
    isNullOr(isKeptSession, value.session) &&
    isNullOr(isString, value.fallbackReason) &&
    isBoolean(value.fallbackTold) &&
    isNullOr(isWhole, value.whole) &&
    isListOf(isString, value.abandoned) &&
    isNullOr(isEnded, value.ended) &&
    isBoolean(value.uploaded) &&
    isBoolean(value.entryReady) &&
    isNullOr(isRefusal, value.refusal) &&
    isBoolean(value.discarded)
  );
}

/** "0, 1, 2 … without a hole". */
function areChunks(value: unknown): boolean {
  return isListOf(isKeptChunk, value) && value.every(({ index }, place) => index === place);
}

function isKeptChunk(value: unknown): value is KeptChunk {
  return (
    isObject(value) &&
    isAmount(value.index) &&
    isAmount(value.bytes) &&
    isString(value.sha256) &&
    isAmount(value.startMs) &&
    isAmount(value.endMs) &&
    (value.levels === undefined || isListOf(isNumber, value.levels)) &&
    isBoolean(value.acknowledged) &&
    (value.stored === undefined || isStored(value.stored))
  );
}

function isStored(value: unknown): boolean {
  return isObject(value) && isAmount(value.uploadMs) && isAmount(value.attempts);
}

function isKeptSession(value: unknown): value is KeptSession {
  return (
    isObject(value) &&
    isId(value.sessionId) &&
    isOneOf(['chunked', 'single'], value.strategy) &&
    isAmount(value.concurrency)
  );
}

function isWhole(value: unknown): boolean {
  return isObject(value) && isAmount(value.bytes) && isString(value.sha256);
}

function isEnded(value: unknown): boolean {
  return (
    isObject(value) && isAmount(value.durationMs) && isString(value.stoppedAt) && isBoolean(value.cutOff)
  );
}

function isRefusal(value: unknown): boolean {
  return isObject(value) && isString(value.code) && isString(value.message);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isString = (value: unknown): value is string => typeof value === 'string';
const isId = (value: unknown): value is string => isString(value) && value !== '';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
/** A length, a count, a time. */
const isAmount = (value: unknown): value is number => isNumber(value) && value >= 0;

function isOneOf(words: readonly string[], value: unknown): boolean {
  return isString(value) && words.includes(value);
}

function isListOf<T>(is: (value: unknown) => value is T, value: unknown): value is readonly T[] {
  return Array.isArray(value) && value.every(is);
}

function isNullOr(is: (value: unknown) => boolean, value: unknown): boolean {
  return value === null || is(value);
}
