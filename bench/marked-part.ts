/** A page's part between its marks is the program's; what stands around it is written by hand. */
import { readFileSync, writeFileSync } from 'node:fs';

/** @throws Error when the page has no such part */
export function writeMarked(file: string, mark: string, text: string): void {
  writeFileSync(file, withPart(readFileSync(file, 'utf8'), mark, text, file));
}

/** @param text with or without the end of its last line @throws Error when the page has no such part */
export function withPart(page: string, mark: string, text: string, name = 'the page'): string {
  const own = new RegExp(`<!-- ${mark} -->\\n[\\s\\S]*<!-- /${mark} -->`);
  if (!own.test(page)) throw new Error(`${name} has no part marked ${mark}`);
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  return page.replace(own, () => `<!-- ${mark} -->\n${whole}<!-- /${mark} -->`);
}
