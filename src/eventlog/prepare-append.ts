import {
  type ExpectedVersion,
  InvalidAppend,
  type JsonObject,
  MAX_APPEND_BYTES,
  type NewEvent,
} from './event-log.ts';

/** An event as it is sent: content as JSON text. */
export type PreparedEvent = { readonly type: string; readonly data: string; readonly metadata: string };

/** An append that the log can take. */
export type PreparedAppend = {
  readonly stream: string;
  readonly expected: ExpectedVersion;
  readonly events: readonly PreparedEvent[];
  /** Of JSON, UTF-8, and of the types, as KurrentDB counts them: two for each character. */
  readonly bytes: number;
};

const MAX_NAME_LENGTH = 200;
const MAX_VERSION = 2 ** 31 - 1;

/** Checks what no log could take, before it meets others in a batch. @throws InvalidAppend */
export function prepareAppend(
  stream: string,
  expected: ExpectedVersion,
  events: readonly NewEvent[],
): PreparedAppend {
  checkName('stream', stream);
  if (
    typeof expected === 'number' &&
    !(Number.isInteger(expected) && expected >= 0 && expected <= MAX_VERSION)
  ) {
    throw new InvalidAppend(`${expected} is not a version`);
  }
  if (events.length === 0) throw new InvalidAppend('an append needs at least one event');
  let bytes = 0;
  const prepared = events.map(({ type, data, metadata }): PreparedEvent => {
    checkName('event type', type);
    const event = { type, data: toJson(data), metadata: toJson({ ...metadata }) };
    bytes += Buffer.byteLength(event.data) + Buffer.byteLength(event.metadata) + 2 * type.length;
    return event;
  });
  if (bytes > MAX_APPEND_BYTES) {
    throw new InvalidAppend(`an append of ${bytes} bytes is over the ${MAX_APPEND_BYTES} that the log takes`);
  }
  return { stream, expected, events: prepared, bytes };
}

function checkName(what: string, name: string): void {
  if (
    name.length === 0 ||
    name.length > MAX_NAME_LENGTH ||
    name.startsWith('$') ||
    name.includes('\0') ||
    !name.isWellFormed()
  ) {
    throw new InvalidAppend(`not a name for a ${what}: ${JSON.stringify(name.slice(0, MAX_NAME_LENGTH))}`);
  }
}

function toJson(value: JsonObject): string {
  try {
    const json: string | undefined = JSON.stringify(value);
    if (json !== undefined) return json;
  } catch {
    // a cycle, or a BigInt
  }
  throw new InvalidAppend('the content of an event is not JSON');
}
