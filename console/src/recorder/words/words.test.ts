import { describe, expect, it } from '@jest/globals';
import { en } from './en.ts';
import { zh } from './zh.ts';

type Tree = { readonly [key: string]: string | Tree };

function leaves(tree: Tree, at = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${at}${key}`, value]] : leaves(value, `${at}${key}.`),
  );
}

const placeholders = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name).sort();

describe('the words of the page', () => {
  it('are never empty', () => {
    for (const [key, text] of [...leaves(en), ...leaves(zh)]) expect([key, text.trim()]).not.toContain('');
  });

  it('put the same values into both languages', () => {
    const english = new Map(leaves(en));
    for (const [key, text] of leaves(zh)) {
      expect([key, placeholders(text)]).toEqual([key, placeholders(english.get(key) ?? '')]);
    }
  });
});
