/** A part of a Markdown file that a script writes: between `<!-- name -->` and `<!-- /name -->`. */
import { readFileSync, writeFileSync } from 'node:fs';

/** @throws Error when the marks are not there */
export function readMarked(file, name) {
  const text = readFileSync(file, 'utf8');
  const { start, end } = placeOf(text, name, file);
  return text.slice(start, end);
}

/** @throws Error when the marks are not there */
export function writeMarked(file, name, part) {
  writeFileSync(file, withPart(readFileSync(file, 'utf8'), name, part, file));
}

/** The text with another part between its marks; `part` with or without the end of its last line. */
export function withPart(text, name, part, file = 'the page') {
  const { start, end } = placeOf(text, name, file);
  return `${text.slice(0, start)}${part.endsWith('\n') ? part : `${part}\n`}${text.slice(end)}`;
}

function placeOf(text, name, file) {
  const [open, close] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const start = text.indexOf(open) + open.length;
  const end = text.indexOf(close, start);
  if (start < open.length || end < 0) throw new Error(`${file} has no part marked ${name}`);
  return { start, end };
}
