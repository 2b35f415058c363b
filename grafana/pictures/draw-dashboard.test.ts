import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { drawDashboard } from './draw-dashboard.ts';
import type { Prometheus } from './prometheus.ts';
import { readDashboard, UndrawableError } from './read-dashboard.ts';

const FOLDER = join(import.meta.dirname, '../generated');
const FILES = readdirSync(FOLDER);
const WINDOW = { from: 1_000, to: 1_030, step: 10 };
const jsonOf = (file: string): { panels: unknown[] } => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));

function prometheusThat(
  answers: (expression: string) => [number, number][],
): Prometheus & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async range(expression) {
      asked.push(expression);
      return [
        { labels: { variant: 'chunked', percent: '5', flag: 'chunked-upload' }, points: answers(expression) },
      ];
    },
    scrapeSeconds: async () => 10,
  };
}

describe('the generated dashboards', () => {
  it.each(FILES)('%s can be drawn, every panel of it', async (file) => {
    const prometheus = prometheusThat(() => [[1_000, 0.5]]);
    const picture = await drawDashboard(readDashboard(jsonOf(file)), {
      prometheus,
      window: WINDOW,
      choices: {},
    });
    expect(picture.panels).toHaveLength(jsonOf(file).panels.length);
    expect(picture.panels.filter(({ kind }) => kind === 'empty')).toEqual([]);
    expect(JSON.stringify([prometheus.asked, picture.panels])).not.toMatch(/\$(interval|variant|\{)/);
  });

  it('are asked as they open', async () => {
    const prometheus = prometheusThat(() => []);
    const picture = await drawDashboard(readDashboard(jsonOf('rollout-ab.json')), {
      prometheus,
      window: WINDOW,
      choices: {},
    });
    expect(prometheus.asked).toContain(
      'sum by (variant) (rate(thankly_sessions_created_total{variant=~"chunked|single"}[5m]))',
    );
    expect(picture.variables).toEqual([
      ['Variant', 'All'],
      ['Over', '5m'],
    ]);
  });

  it('are asked for what is chosen', async () => {
    const prometheus = prometheusThat(() => []);
    await drawDashboard(readDashboard(jsonOf('rollout-ab.json')), {
      prometheus,
      window: WINDOW,
      choices: { interval: '1m', variant: 'single' },
    });
    expect(prometheus.asked).toContain(
      'sum by (variant) (rate(thankly_sessions_created_total{variant=~"single"}[1m]))',
    );
  });

  it('mark where the percentage changed', async () => {
    const prometheus = prometheusThat((expression) =>
      expression.startsWith('count_values')
        ? [
            [1_005, 1],
            [1_020, 1],
          ]
        : [],
    );
    const { marks } = await drawDashboard(readDashboard(jsonOf('rollout-ab.json')), {
      prometheus,
      window: WINDOW,
      choices: {},
    });
    expect(marks).toEqual([
      expect.objectContaining({ from: 1_005, to: 1_020, text: 'chunked-upload: 5 % in force' }),
    ]);
  });
});

describe('what a picture cannot show is refused, and named', () => {
  it.each([
    ['a kind of panel', '1.type', 'heatmap'],
    ['a unit', '1.fieldConfig.defaults.unit', 'furlongs'],
    ['another kind of figure', '1.options.reduceOptions.calcs', ['mean']],
    ['a look of lines', '7.fieldConfig.defaults.custom', { stacking: {} }],
  ])('%s', (_, path, value) => {
    const json = jsonOf('rollout-ab.json');
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const changed = keys.reduce<unknown>((part, key) => Reflect.get(part as object, key), json.panels);
    Reflect.set(changed as object, last, value);
    expect(() => readDashboard(json)).toThrow(UndrawableError);
    expect(() => readDashboard(json)).toThrow(last);
  });
});
