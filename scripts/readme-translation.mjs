/**
 * Part of `npm run check`: README.zh-CN.md says what README.md says, as far as a machine can tell: the same headings by
 * level, the same commands, the same inline code, the same links and pictures, each in the same order.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bootstrap.mjs';

const NAMES = { original: 'README.md', translation: 'README.zh-CN.md' };

const PARTS = {
  headings: (text) => [...text.matchAll(/^(#+) /gm)].map(([, level]) => level),
  // A comment behind a command is prose.
  commands: (text) =>
    [...text.matchAll(/^```\w*\n(.*?)^```/gms)].flatMap(([, block]) =>
      block.split('\n').map((line) => line.replace(/\s+#.*$/, '')),
    ),
  'inline code': (text) => [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code),
  // The two lead to each other, which is no part of what they say.
  'links and pictures': (text) =>
    [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target).filter((target) => !isOther(target)),
};

function withoutBlocks(text) {
  return text.replaceAll(/^```.*?^```/gms, '');
}

function isOther(target) {
  return Object.values(NAMES).includes(target);
}

const [original, translation] = Object.values(NAMES).map((name) => readFileSync(join(root, name), 'utf8'));
let code = 0;
for (const [what, partOf] of Object.entries(PARTS)) {
  const [said, translated] = [partOf(original), partOf(translation)];
  const at = said.findIndex((each, index) => each !== translated[index]);
  const differs = at >= 0 ? at : said.length < translated.length ? said.length : -1;
  if (differs < 0) continue;
  process.stderr.write(
    `${NAMES.translation}, ${what}, number ${differs + 1}: ${JSON.stringify(translated[differs] ?? null)} where ${NAMES.original} has ${JSON.stringify(said[differs] ?? null)}\n`,
  );
  code = 1;
}
process.exitCode = code;
