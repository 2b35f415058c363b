/** Saves bytes as a file, where the browser puts what it downloads. */

const ENDINGS: Readonly<Record<string, string>> = {
  'audio/webm': 'webm',
  'audio/mp4': 'm4a',
  'audio/wav': 'wav',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
};

/** `thankly-2026-11-24-0805.webm`, in the time of the device. */
export function fileName(createdAt: string, mimeType: string, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const parts = new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'short', ...zone })
    .formatToParts(new Date(createdAt))
    .reduce((all, { type, value }) => all.set(type, value), new Map<string, string>());
  const of = (type: string) => parts.get(type) ?? '';
  const ending = ENDINGS[mimeType.split(';')[0]?.trim().toLowerCase() ?? ''] ?? 'bin';
  return `thankly-${of('year')}-${of('month')}-${of('day')}-${of('hour')}${of('minute')}.${ending}`;
}

export function saveFile(body: Blob, name: string): void {
  const url = URL.createObjectURL(body);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then, and keeps the bytes itself.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
