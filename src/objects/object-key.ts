/**
 * The grammar of keys, checked by every adapter before a disk or a network sees one. Its characters need no escaping
 * in a path or a URL, and no segment can be `.` or `..`. A segment has at most 200 characters, so that a key fits any
 * file system.
 */
import { ObjectKeyInvalid } from './object-store.ts';

const MAX_KEY_LENGTH = 512;
const SEGMENT = '[a-z0-9][a-z0-9._-]{0,199}';
const KEY = new RegExp(`^${SEGMENT}(?:/${SEGMENT})*$`);
const PREFIX = new RegExp(`^(?:${SEGMENT}/)*(?:${SEGMENT})?$`);
const CONTENT_TYPE = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** @throws ObjectKeyInvalid */
export function checkKey(key: string): void {
  if (key.length > MAX_KEY_LENGTH || !KEY.test(key)) throw new ObjectKeyInvalid(key);
}

/** The beginning of a key; the empty string is every key's. @throws ObjectKeyInvalid */
export function checkPrefix(prefix: string): void {
  if (prefix.length > MAX_KEY_LENGTH || !PREFIX.test(prefix)) throw new ObjectKeyInvalid(prefix);
}

/** A prefix that is safe to delete: whole segments, and not everything. @throws ObjectKeyInvalid */
export function checkFolder(prefix: string): void {
  checkPrefix(prefix);
  if (!prefix.endsWith('/')) throw new ObjectKeyInvalid(prefix);
}

/** Content types are stored and sent as a header: printable ASCII, at most 255 characters. @throws TypeError */
export function checkContentType(contentType: string): void {
  if (!CONTENT_TYPE.test(contentType))
    throw new TypeError('not a content type: printable ASCII, at most 255 characters');
}
