/** Without the spaces that do not break. */
export function normal(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
