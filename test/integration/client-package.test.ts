/**
 * The client as who installs it gets it: packed by npm, unpacked beside its dependencies in an empty project, and used
 * there by name. What its README says is run.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { startApplication } from '../support/application.ts';

const root = join(import.meta.dirname, '../..');
const client = join(root, 'client');
const NAME = '@thankly/voice-client';
/** What a page has beside the client's own dependencies: what that asks of the app, and the app's tools. */
const APP = ['react', 'react-dom', 'react-native-web', 'i18next', 'react-i18next', 'vite'];
const TYPES = ['@types/react', '@types/react-dom', '@types/node'];

let project: string;
let installed: string;
let packed: { files: { path: string }[]; filename: string };

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'thankly-client-'));
  installed = join(project, 'node_modules', NAME);
  const pack = await run('npm', ['pack', '--json', '--pack-destination', project], { cwd: client });
  expect(pack).toMatchObject({ code: 0 });
  packed = JSON.parse(pack.stdout.slice(pack.stdout.indexOf('[')))[0];
  await mkdir(installed, { recursive: true });
  const archive = join(project, packed.filename);
  expect(await run('tar', ['-xzf', archive, '-C', installed, '--strip-components=1'])).toMatchObject({
    code: 0,
  });
  const { dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  for (const name of [...Object.keys(dependencies), ...APP, ...TYPES]) {
    const link = join(project, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', name), link);
  }
  await cp(join(client, 'examples'), project, { recursive: true });
  await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
});
afterAll(() => rm(project, { recursive: true, force: true }));

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

function run(command: string, args: readonly string[], { cwd = project, env = {} } = {}): Promise<Ended> {
  const { NODE_OPTIONS: _, NODE_ENV: __, ...inherited } = process.env;
  const child = spawn(command, args, {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const node = (args: readonly string[], env: Record<string, string> = {}) =>
  run(process.execPath, args, { env });

describe('the archive', () => {
  it('holds the build, its types and its papers, and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    const papers = paths.filter((path) => !path.startsWith('dist/'));
    expect(papers.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
    const built = paths.filter((path) => path.startsWith('dist/'));
    expect(built.filter((path) => !/\.(js|d\.ts)$/.test(path))).toEqual([]);
    expect(built.filter((path) => /test|testing|conformance|cli\//.test(path))).toEqual([]);
    const rooms = new Set(built.map((path) => dirname(path)));
    expect([...rooms].sort()).toEqual([
      'dist',
      'dist/expo',
      'dist/react',
      'dist/react/locales',
      'dist/upload',
      'dist/web',
    ]);
  });

  it('has every file that a file of it imports, by its name there', async () => {
    const there = new Set(packed.files.map(({ path }) => path));
    const missing: string[] = [];
    for (const { path } of packed.files.filter((file) => file.path.startsWith('dist/'))) {
      const text = await readFile(join(installed, path), 'utf8');
      for (const [, name = ''] of text.matchAll(/(?:from|import) ?\(?'(\.[^']+)'/g)) {
        const target = join(dirname(path), path.endsWith('.d.ts') ? name.replace(/\.js$/, '.d.ts') : name);
        if (!there.has(target)) missing.push(`${path}: ${name}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('carries the licence of the repository', async () => {
    const [ours, theirs] = [join(root, 'LICENSE'), join(installed, 'LICENSE')];
    expect(await readFile(theirs, 'utf8')).toBe(await readFile(ours, 'utf8'));
  });
});

describe('the README', () => {
  it('has the examples as they are, and each exported name as the types have it', async () => {
    const check = await run(process.execPath, [
      join(root, 'scripts/client-readme.mjs'),
      '--check',
      installed,
    ]);
    expect(check).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('leaves out no example', async () => {
    const readme = await readFile(join(installed, 'README.md'), 'utf8');
    for (const name of await readdir(join(client, 'examples'))) {
      expect(readme).toContain(`<!-- examples/${name} -->`);
    }
    // And no code that is not one of them, which nothing would run.
    const unmarked = readme.replace(/<!-- (examples\/\S+) -->[\s\S]*?<!-- \/\1 -->/g, '');
    expect(unmarked.match(/^```\w+/gm)).toEqual(['```sh']);
  });
});

/** Imports an entry with an eye on all that it could touch, then ends, if nothing keeps the process. */
const IMPORT = `
  const watched = [globalThis, ...[Object, Array, Function, Promise, Map, Error, EventTarget].map((c) => c.prototype)];
  const look = () => watched.map((object) => Object.getOwnPropertyDescriptors(object));
  const called = [];
  for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'fetch']) {
    const real = globalThis[name];
    globalThis[name] = (...given) => { called.push(name); return real(...given); };
  }
  look(); // some of Node's globals come into being when they are looked at
  const before = look();
  const exported = Object.keys(await import(process.env.ENTRY)).sort();
  const touched = look().flatMap((now, at) => Reflect.ownKeys({ ...before[at], ...now }).filter((key) => {
    const [was, is] = [before[at][key], now[key]];
    return !Object.is(was?.value, is?.value) || was?.get !== is?.get;
  })).map(String);
  console.log(JSON.stringify({ exported, touched, called }));
`;

async function documented(entry: string): Promise<string[]> {
  const readme = await readFile(join(installed, 'README.md'), 'utf8');
  const [, section = ''] = readme.split(`### \`${entry}\`\n`);
  const [values = ''] = section.split(/\nTypes:\n|\n### /);
  return [...values.matchAll(/^- `(?:const |class )?(\w+)/gm)].map(([, name = '']) => name).sort();
}

describe('an entry, imported by plain Node', () => {
  it.each([NAME, `${NAME}/web`, `${NAME}/expo`])(
    '%s exports what is documented and touches nothing',
    async (entry) => {
      const { code, stdout, stderr } = await node(['--input-type=module', '--eval', IMPORT], {
        ENTRY: entry,
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const exported = await documented(entry);
      expect(exported.length).toBeGreaterThan(8);
      expect(JSON.parse(stdout)).toEqual({ exported, touched: [], called: [] });
    },
  );
});

const CONSUMER = `
import { createVoiceApi, type RecordingState, type SessionStatus } from '${NAME}';
import { createExpoManager, type ExpoManagerOptions } from '${NAME}/expo';
import { createWebManager, type WebManagerOptions } from '${NAME}/web';

export const make = { createVoiceApi, createExpoManager, createWebManager };
export const title = (status: SessionStatus): string | undefined => status.entry?.title;
export const options: WebManagerOptions = { baseUrl: 'https://voice.example', token: (rejected) => rejected ?? '' };
export type Network = NonNullable<ExpoManagerOptions['network']>;
// @ts-expect-error the types are types: there is no such phase
export const lost: RecordingState = { phase: 'lost' };
`;
const REACT_CONSUMER = `
import { createWebManager } from '${NAME}/web';
import { RecordingPanel, useVoiceRecording, type VoiceRecording } from '${NAME}/react';

const manager = createWebManager({ baseUrl: 'https://voice.example', token: '' });
export function Panel() {
  const { state, progress }: VoiceRecording = useVoiceRecording(manager);
  // @ts-expect-error a panel has no such property
  const wrong = <RecordingPanel manager={manager} colour="red" />;
  return state.phase === 'idle' ? wrong : <RecordingPanel manager={manager} canRecord={progress < 1} />;
}
`;

describe('the types', () => {
  const RESOLUTIONS = [
    { module: 'nodenext', moduleResolution: 'nodenext' },
    { module: 'esnext', moduleResolution: 'bundler' },
  ];

  async function typesOf(files: readonly string[], options: object): Promise<Ended> {
    const base = {
      target: 'es2024',
      strict: true,
      noEmit: true,
      jsx: 'react-jsx',
      exactOptionalPropertyTypes: true,
    };
    const config = join(project, 'tsconfig.check.json');
    await writeFile(config, JSON.stringify({ compilerOptions: { ...base, ...options }, files }));
    return run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config]);
  }

  it.each(RESOLUTIONS)('hold by themselves, with $moduleResolution', async (resolution) => {
    await writeFile(join(project, 'consumer.ts'), CONSUMER);
    const files = ['consumer.ts', 'recording-in-words.ts', 'bridge-connectivity.ts'];
    const ended = await typesOf(files, { ...resolution, types: [], skipLibCheck: false });
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it.each(RESOLUTIONS)('hold for React and a page, with $moduleResolution', async (resolution) => {
    await writeFile(join(project, 'consumer.tsx'), REACT_CONSUMER);
    const files = ['consumer.tsx', 'recorder-page.tsx'];
    const ended = await typesOf(files, { ...resolution, types: [], skipLibCheck: false });
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('hold for a program of Node', async () => {
    const [nodenext] = RESOLUTIONS;
    const ended = await typesOf(['send-file.ts'], { ...nodenext, types: ['node'], skipLibCheck: true });
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('the examples', () => {
  it('of a page is bundled for the web, the large part of it to be fetched when needed', async () => {
    const page = '<div id="root"></div><script type="module" src="/recorder-page.tsx"></script>';
    await writeFile(join(project, 'index.html'), `<!doctype html><title>Page</title>${page}`);
    const jsx = { compilerOptions: { jsx: 'react-jsx' } };
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify(jsx));
    const vite = join(root, 'node_modules/vite/bin/vite.js');
    const ended = await node([vite, 'build', '--outDir', 'site', '--logLevel', 'error']);
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
    const assets = join(project, 'site/assets');
    const scripts = (await readdir(assets)).filter((name) => name.endsWith('.js'));
    const [entry = ''] = scripts.filter((name) => name.startsWith('index-'));
    const text = await readFile(join(assets, entry), 'utf8');
    expect(text).toContain('Every word is saved on this device as you speak.');
    expect(text).not.toContain('EBMLMaxIDLength');
    expect(scripts.length).toBeGreaterThan(1);
  });

  it('of Node sends a recording to the application and prints its entry', async () => {
    const application = await startApplication();
    try {
      const words = numberedWords(16, 480);
      const note = join(project, 'note.wav');
      await writeFile(note, wavBytes(dtmfSamples(words), 16_000));
      const token = await application.token('node-example');
      const sent = await node(['send-file.ts', application.url, note], { VOICE_TOKEN: token });
      expect(sent).toMatchObject({ code: 0, stderr: '' });
      const entry = JSON.parse(sent.stdout);
      expect(entry.heard).toBe(words.join(' '));
      expect(entry.title).not.toBe('');

      const refused = await node(['send-file.ts', application.url, note], { VOICE_TOKEN: 'forged' });
      expect(refused).toMatchObject({ code: 1, stdout: '', stderr: 'no entry: kept signed_out\n' });
    } finally {
      await application.stop();
    }
  });
});
