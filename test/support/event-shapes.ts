/** What the types of events say, read from their source: the text of each, with the types that it is made of. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** By event type: its declaration, then those that it names, each as one line without comments. */
export type EventShapes = Readonly<Record<string, readonly string[]>>;

/** @param file with the events. @param others with types that they name */
export function eventShapes(file: string, ...others: readonly string[]): EventShapes {
  const declarations = new Map([file, ...others].flatMap((each) => [...declarationsOf(each)]));
  const shapes: Record<string, readonly string[]> = {};
  for (const [name, text] of declarations) {
    const type = /readonly type: '(\w+)'/.exec(text)?.[1];
    if (type !== undefined) shapes[type] = [text, ...namedBy(text, declarations, new Set([name]))];
  }
  return shapes;
}

/** Top-level types and constant lists of a source file, by name. */
function declarationsOf(file: string): Map<string, string> {
  const source = readFileSync(join(ROOT, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1');
  const found = new Map<string, string>();
  for (const { index, 1: name = '' } of source.matchAll(/^(?:export )?(?:type|const) (\w+) =/gm))
    found.set(name, declarationAt(source, index));
  return found;
}

/** Up to the semicolon that ends it, outside of all brackets. */
function declarationAt(source: string, from: number): string {
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    const character = source[at] ?? '';
    if ('{[('.includes(character)) depth++;
    else if ('}])'.includes(character)) depth--;
    else if (character === ';' && depth === 0)
      return source
        .slice(from, at)
        .replace(/\s+/g, ' ')
        .replace(/^export /, '');
  }
  throw new Error(`a declaration without an end: ${source.slice(from, from + 40)}`);
}

function namedBy(text: string, declarations: ReadonlyMap<string, string>, seen: Set<string>): string[] {
  return [...text.matchAll(/\b[A-Z]\w+\b/g)].flatMap(([name]) => {
    const named = declarations.get(name);
    if (named === undefined || seen.has(name)) return [];
    seen.add(name);
    return [named, ...namedBy(named, declarations, seen)];
  });
}
