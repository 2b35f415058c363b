/** `audio/webm;codecs=opus` → `audio/webm`. */
export function baseType(mimeType: string): string {
  return (mimeType.split(';')[0] ?? '').trim().toLowerCase();
}
