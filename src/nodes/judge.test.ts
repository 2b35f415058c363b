import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { disagreements, judge, type NodeSettings } from './judge.ts';
import { CHANGES, SETTING_NAMES } from './settings.ts';

const node = (name: string, settings: Record<string, string>, changing: string[] = []): NodeSettings => ({
  name,
  settings,
  changing,
});
const settingsOf = (differences: readonly { setting: string }[]) => differences.map(({ setting }) => setting);

describe('a node that comes to others', () => {
  it('is refused where data would go two ways or people be locked out, by the names of setting and nodes', () => {
    const me = node('c', { S3_BUCKET: '2', JWT_SECRET: '2', SESSION_IDLE_SECONDS: '1' });
    const others = [
      node('a', { S3_BUCKET: '1', JWT_SECRET: '2', SESSION_IDLE_SECONDS: '1' }),
      node('b', { S3_BUCKET: '1', JWT_SECRET: '1', SESSION_IDLE_SECONDS: '1' }),
    ];
    expect(judge(me, others)).toEqual({
      refused: [
        { setting: 'S3_BUCKET', nodes: ['a', 'b'] },
        { setting: 'JWT_SECRET', nodes: ['b'] },
      ],
      announced: [],
      told: [],
    });
  });

  it('is told of, and let in, where another limit, provider or version does no harm', () => {
    const me = node('b', { version: '2', OPENAI_API_KEY: '2', SESSION_IDLE_SECONDS: '2' });
    const other = node('a', { version: '1', OPENAI_API_KEY: '1', SESSION_IDLE_SECONDS: '1' });
    const { refused, announced, told } = judge(me, [other]);
    expect([refused, announced]).toEqual([[], []]);
    expect(settingsOf(told)).toEqual(['version', 'OPENAI_API_KEY', 'SESSION_IDLE_SECONDS']);
  });

  it.each([
    ['it says so itself', ['JWT_SECRET'], []],
    ['one that runs says so: an older node, started again in the middle of a change', [], ['JWT_SECRET']],
  ])('may differ in what is announced: %s', (_, mine, theirs) => {
    const me = node('b', { JWT_SECRET: '2' }, mine);
    const judged = judge(me, [node('a', { JWT_SECRET: '1' }, theirs)]);
    expect(judged).toEqual({
      refused: [],
      announced: [{ setting: 'JWT_SECRET', nodes: ['a'] }],
      told: [],
    });
  });

  it('is refused by those that know of no change, though another does', () => {
    const others = [node('a', { JWT_SECRET: '1' }, ['JWT_SECRET']), node('b', { JWT_SECRET: '3' })];
    expect(judge(node('c', { JWT_SECRET: '2' }), others).refused).toEqual([
      { setting: 'JWT_SECRET', nodes: ['b'] },
    ]);
  });

  it('may not announce what changes with all stopped', () => {
    const me = node('b', { S3_BUCKET: '2' }, ['S3_BUCKET']);
    expect(settingsOf(judge(me, [node('a', { S3_BUCKET: '1' })]).refused)).toEqual(['S3_BUCKET']);
  });

  it('differs in nothing that only one of the two knows or needs', () => {
    const worker = node('b', { S3_BUCKET: '1', OF_A_NEWER_VERSION: '1' });
    const api = node('a', { S3_BUCKET: '1', JWT_SECRET: '1' });
    expect(judge(worker, [api])).toEqual({ refused: [], announced: [], told: [] });
  });
});

const Settings = fc.dictionary(fc.constantFrom(...SETTING_NAMES), fc.constantFrom('1', '2', '3'));
const AnyNode = fc.record({
  name: fc.string(),
  settings: Settings,
  changing: fc.subarray(SETTING_NAMES.filter((name) => CHANGES[name] === 'announced')),
});

describe('whatever nodes there are', () => {
  it('two judge each other alike', () => {
    fc.assert(
      fc.property(AnyNode, AnyNode, (one, other) => {
        const [mine, theirs] = [judge(one, [other]), judge(other, [one])];
        for (const verdict of ['refused', 'announced', 'told'] as const)
          expect(settingsOf(mine[verdict])).toEqual(settingsOf(theirs[verdict]));
      }),
    );
  });

  it('they disagree exactly where one of two is refused, announced or told of', () => {
    fc.assert(
      fc.property(fc.array(AnyNode, { maxLength: 5 }), (nodes) => {
        const found = nodes.flatMap((each) => Object.values(judge(each, nodes)).flatMap(settingsOf));
        expect(new Set(settingsOf(disagreements(nodes)))).toEqual(new Set(found));
      }),
    );
  });
});

it('nodes that have the same stand together', () => {
  const nodes = [node('a', { S3_REGION: '1' }), node('b', { S3_REGION: '2' }), node('c', { S3_REGION: '1' })];
  expect(disagreements([...nodes, node('d', {})])).toEqual([
    { setting: 'S3_REGION', groups: [['a', 'c'], ['b']] },
  ]);
});
