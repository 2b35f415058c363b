import { describe, expect, it } from '@jest/globals';
import { pageOf, placed } from './page.ts';
import type { DashboardPicture } from './picture.ts';

const PLACE = { grid: { x: 0, y: 1, w: 8, h: 8 }, description: 'What <it> is.' };
const PICTURE: DashboardPicture = {
  uid: 'pipeline',
  title: 'Pipeline',
  description: 'Steps & queue.',
  times: [1_764_000_000, 1_764_000_060],
  variables: [['Over', '1m']],
  marks: [],
  panels: [
    { kind: 'row', grid: { x: 0, y: 0, w: 24, h: 1 }, title: 'Steps' },
    { kind: 'empty', ...PLACE, title: 'Failing attempts', noValue: 'no step ran in this time' },
    { kind: 'empty', ...PLACE, title: 'CPU', noValue: 'no data' },
    {
      kind: 'figures',
      ...PLACE,
      title: 'Stuck',
      figures: [{ label: null, text: '3', colour: 'red' }],
    },
    {
      kind: 'lines',
      ...PLACE,
      title: 'Attempts',
      legend: true,
      chart: {
        unit: 'ops',
        lines: [{ label: '</script><b>', colour: 'green', dash: [10, 6], values: [1, null] }],
        lineWidth: 2,
        min: 0,
        max: null,
        softMax: null,
        scale: 'linear',
        thresholds: [],
      },
    },
  ],
};
const HTML = pageOf(PICTURE, { script: 'draw("</script>")', source: 'simulated traffic' });

describe('the page', () => {
  it('says who drew it, and from what', () => {
    expect(HTML).toContain(
      '<b>Not a picture of Grafana.</b> Drawn by this project’s own script'.replace('’', "'"),
    );
    expect(HTML).toContain('a real Prometheus: simulated traffic.');
  });

  it('needs nothing else', () => {
    expect(HTML).not.toMatch(/<link|<script[^>]*src=|@import|url\(/);
  });

  it('says of when it is, and what was chosen', () => {
    expect(HTML).toContain('From <b>2025-11-24 16:00:00 to 2025-11-24 16:01:00 UTC</b> · Over <b>1m</b>');
  });

  it('has rows, titles and descriptions', () => {
    expect(HTML).toMatch(/<h2 class="row" .*>Steps<\/h2>/);
    expect(HTML).toContain('<h3>Failing attempts</h3>');
    expect(HTML).toContain('<p>What &lt;it&gt; is.</p>');
  });

  it('says where there is no data, and what that means', () => {
    expect(HTML).toContain('<div class="empty"><b>no data</b><span>no step ran in this time</span></div>');
    expect(HTML).toContain('<div class="empty"><b>no data</b></div>');
  });

  it('shows figures in their colour', () => {
    expect(HTML).toContain('<div class="figure" style="--colour: var(--red)">3</div>');
  });

  it('is not ended by what is in its figures or in its script', () => {
    const data = /<script type="application\/json" id="data">(.*)<\/script>/.exec(HTML)?.[1] ?? '';
    expect(JSON.parse(data)).toMatchObject({ charts: [{ lines: [{ label: '</script><b>' }] }] });
    expect(HTML.match(/<\/script>/g)).toHaveLength(2);
    expect(HTML).toContain('&lt;/script&gt;&lt;b&gt;');
  });
});

it('a place in Grafana’s grid is one in the page’s, which counts from 1', () => {
  expect(placed({ x: 16, y: 5, w: 8, h: 4 })).toBe('style="--column: 17; --row: 6; --width: 8; --height: 4"');
});
