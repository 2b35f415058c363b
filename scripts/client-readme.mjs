/**
 * What client/README.md takes from elsewhere: the examples (client/examples), and the API reference: each exported name of
 * each entry with its signature and the first sentence of its docstring, as the package's types (client/dist) have them.
 * They are read as text, which tsc writes in one regular form.
 *
 *     node scripts/client-readme.mjs                    builds the client and writes them
 *     node scripts/client-readme.mjs --check <folder>   of a packed client: exits with 1 when its README is behind
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { root } from './bootstrap.mjs';
import { readMarked, writeMarked } from './marked-part.mjs';

const NAME = '@thankly/voice-client';
const API_MARK = 'api';
const MAX_SIGNATURE = 180;

/** One after the other: `{ doc, text }`, the comment right before a statement and the statement. */
function statements(file) {
  const source = readFileSync(file, 'utf8');
  const found = [];
  // Comments and strings as they are, so that what is in them is no bracket; then one character at a time.
  const tokens =
    source.match(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[\s\S]/g) ?? [];
  let [doc, text, depth] = ['', '', 0];
  for (const token of tokens) {
    if (text === '' && token.startsWith('/*')) {
      if (doc !== '') found.push({ doc, text: '' });
      doc = token;
      continue;
    }
    if (text === '' && /^(?:\s|\/\/.*)$/.test(token)) continue;
    text += token;
    if ('{[('.includes(token)) depth += 1;
    if ('}])'.includes(token)) depth -= 1;
    const closesBody = token === '}' && /^(?:export )?(?:declare )?(?:interface|class) /.test(text);
    if (depth !== 0 || (token !== ';' && !closesBody)) continue;
    found.push({ doc, text });
    [doc, text] = ['', ''];
  }
  return withHead(found, basename(file, '.d.ts'));
}

/** The comment at the head of a file is that of the export the file is named for, or of its only value. */
function withHead(found, name) {
  const [first] = found;
  const declared = found.filter(({ text }) => text.startsWith('export ') && nameOf(text) !== null);
  if (first === undefined || first.doc === '') return found;
  if (first === declared[0] && (declared.length === 1 || !/^export type/.test(first.text))) return found;
  const { doc } = first;
  first.doc = '';
  const plain = name.replaceAll('-', '').toLowerCase();
  const values = declared.filter(({ text }) => !text.startsWith('export type'));
  const named = declared.find(({ text }) => nameOf(text).toLowerCase() === plain);
  const owner = named ?? (values.length === 1 ? values[0] : undefined);
  if (owner?.doc === '') owner.doc = doc;
  return found;
}

function nameOf(statement) {
  return (
    /^(?:export )?(?:declare )?(?:abstract )?(?:function|const|class|interface|type) (\w+)/.exec(
      statement,
    )?.[1] ?? null
  );
}

/** name → statement of all that a file exports. */
function exportsOf(file) {
  const all = new Map();
  const from = (name) => join(dirname(file), name.replace(/\.js$/, '.d.ts'));
  for (const statement of statements(file)) {
    const { text } = statement;
    const star = /^export (?:type )?\* from '(.+)';/.exec(text);
    const named = /^export (?:type )?\{([\s\S]*)\} from '(.+)';/.exec(text);
    if (star !== null) for (const [name, found] of exportsOf(from(star[1]))) all.set(name, found);
    else if (named !== null) {
      const names = named[1].split(',').map((name) => name.trim().replace(/^type /, ''));
      const there = exportsOf(from(named[2]));
      for (const name of names.filter((each) => each !== '')) all.set(name, there.get(name));
    } else if (text.startsWith('export ') && nameOf(text) !== null) all.set(nameOf(text), statement);
  }
  return all;
}

function firstSentence(doc) {
  const text = doc
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^[ \t]*\* ?/gm, '')
    .split(/\n\s*\n|\n {2,}|\s@(?:param|throws) /)[0]
    .replace(/\s+/g, ' ')
    .trim();
  return /^.*?[.](?= [A-Z`]|$)/.exec(text)?.[0] ?? text;
}

function throwsOf(doc) {
  const [, told] = /@throws ([\s\S]*?)(?:\s*\*\/|\n\s*\* @)/.exec(doc) ?? [];
  return told?.replace(/\s*\n\s*\* ?/g, ' ') ?? null;
}

function oneLine(text) {
  return text
    .replace(/\/\*\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/import\("react"\)\.JSX/g, 'JSX')
    .replace(/readonly (?=\w+\??:)/g, '')
    .replace(/; \}/g, ' }')
    .trim();
}

/** Names of the members at the first level of an object's type, a class or an interface. */
function members(text) {
  const names = [];
  for (const [, name, mark] of text.matchAll(/^ {4}(?:readonly |get )?(\w+)(\??:|\(|\?\()/gm)) {
    if (name !== 'constructor') names.push(mark.includes('(') ? `${name}()` : `${name}${mark.slice(0, -1)}`);
  }
  return [...new Set(names)];
}

function signatureOf(text) {
  const line = oneLine(text.replace(/^export (?:declare )?/, '')).replace(/;$/, '');
  const [, kind] = /^(\w+)/.exec(line);
  // What is destructured is told by its type.
  if (kind === 'function')
    return line.replace(/^function /, '').replace(/([(,] ?)\{[^{}]*\}(?=\??: )/g, '$1options');
  if (kind === 'const' || (kind === 'type' && line.length <= MAX_SIGNATURE)) return line.replace('= |', '=');
  const head = line.slice(0, line.indexOf('{') < 0 ? undefined : line.indexOf('{')).trim();
  // A union of objects is too much for a line.
  if (kind === 'type' && (!/=(?: [\w<>,'| ]+ &)?$/.test(head) || /\} \| [{(]/.test(line)))
    return `type ${nameOf(text)}`;
  return `${head.replace(/ =$/, '')} { ${members(text).join(', ')} }`;
}

function line([, { doc, text }]) {
  const told = firstSentence(doc);
  const throwing = throwsOf(doc);
  const rest = [told, throwing === null ? '' : `Throws ${throwing.replace(/\.?$/, '.')}`].filter(
    (s) => s !== '',
  );
  return `- \`${signatureOf(text)}\`${rest.length === 0 ? '' : `: ${rest.join(' ')}`}`;
}

/** The reference of a built package, as Markdown. */
function apiReference(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const parts = [];
  for (const [path, target] of Object.entries(exports)) {
    if (typeof target === 'string') continue;
    const all = exportsOf(join(folder, target.types));
    const sorted = [...all].sort(([a], [b]) => a.localeCompare(b, 'en'));
    const isType = ([, { text }]) => /^export (?:type|interface)/.test(text);
    const values = sorted.filter((each) => !isType(each)).map(line);
    const types = sorted.filter(isType).map(line);
    parts.push(`### \`${NAME}${path.slice(1)}\`\n\n${values.join('\n')}\n`);
    if (types.length > 0) parts.push(`Types:\n\n${types.join('\n')}\n`);
  }
  return `${parts.join('\n')}\n`;
}

/** mark → the part, of each example. */
function exampleParts() {
  const folder = join(root, 'client/examples');
  return new Map(
    readdirSync(folder).map((name) => [
      `examples/${name}`,
      `\`\`\`${extname(name).slice(1)}\n${readFileSync(join(folder, name), 'utf8')}\`\`\`\n`,
    ]),
  );
}

const check = process.argv[2] === '--check';
const folder = check ? (process.argv[3] ?? '') : join(root, 'client');
if (!check) {
  const { status } = spawnSync(process.execPath, [join(folder, 'build.mjs')], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
const readme = join(folder, 'README.md');
for (const [mark, part] of [...exampleParts(), [API_MARK, apiReference(folder)]]) {
  if (!check) writeMarked(readme, mark, part);
  else if (readMarked(readme, mark) !== part) {
    process.stderr.write(`client/README.md is behind in ${mark}: node scripts/client-readme.mjs\n`);
    process.exitCode = 1;
  }
}
