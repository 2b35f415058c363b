/** Asks Prometheus all that a dashboard asks. */
import PQueue from 'p-queue';
import { filledIn } from '../dashboard-queries.ts';
import { drawPanel } from './draw-panel.ts';
import { type Mark, marksOf } from './marks.ts';
import type { DashboardPicture } from './picture.ts';
import type { Prometheus } from './prometheus.ts';
import { type Dashboard, type Panel, UndrawableError } from './read-dashboard.ts';
import { pointsOf, secondsOf, type TimeWindow } from './time-window.ts';

/** What a person would choose at the dashboard's top; absent: as it opens. */
export type Choices = {
  /** Prometheus' notation. */
  readonly interval?: string | undefined;
  readonly variant?: 'chunked' | 'single' | undefined;
};

const AT_ONCE = 4;

/** @throws PrometheusError */
export async function drawDashboard(
  dashboard: Dashboard,
  { prometheus, window, choices }: { prometheus: Prometheus; window: TimeWindow; choices: Choices },
): Promise<DashboardPicture> {
  const { uid, title, description, panels } = dashboard;
  const interval = choices.interval ?? variableOf(dashboard, 'interval') ?? '5m';
  const filled = (expression: string) => filledIn(expression, interval, choices.variant);
  const queue = new PQueue({ concurrency: AT_ONCE });
  const ask = (expression: string, asked: TimeWindow) =>
    queue.add(() => prometheus.range(filled(expression), asked));
  const drawn = async (panel: Panel) => {
    const targets = panel.type === 'stat' || panel.type === 'timeseries' ? panel.targets : [];
    const now = { ...window, from: window.to };
    const answers = await Promise.all(targets.map(({ expr, instant }) => ask(expr, instant ? now : window)));
    return drawPanel(panel.type === 'text' ? withVariables(panel, dashboard) : panel, answers, window);
  };
  const marked = async (annotation: Dashboard['annotations']['list'][number]): Promise<Mark[]> => {
    const step = secondsOf(annotation.step);
    if (step === null) throw new UndrawableError(`an annotation's step is ${annotation.step}`);
    const { from, to } = window;
    const asked = { from: Math.floor(from / step) * step, to, step };
    return marksOf(await ask(annotation.expr, asked), {
      step,
      title: annotation.titleFormat,
      text: annotation.textFormat,
      colour: annotation.iconColor,
    });
  };
  return {
    uid,
    title,
    description,
    times: pointsOf(window),
    variables: dashboard.templating.list.flatMap(({ name, label = name }) => {
      if (name === 'variant') return [[label, choices.variant ?? 'All'] as const];
      return name === 'interval' ? [[label, interval] as const] : [];
    }),
    panels: await Promise.all(panels.map(drawn)),
    marks: (await Promise.all(dashboard.annotations.list.map(marked))).flat(),
  };
}

function variableOf(dashboard: Dashboard, name: string): string | undefined {
  const value = dashboard.templating.list.find((variable) => variable.name === name)?.current?.value;
  return typeof value === 'string' ? value : undefined;
}

/** `${app}` as it stands when the dashboard is opened; of an empty one, its name. */
function withVariables<P extends Extract<Panel, { type: 'text' }>>(panel: P, dashboard: Dashboard): P {
  const content = panel.options.content.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const query = dashboard.templating.list.find((variable) => variable.name === name)?.query;
    return query || name.toUpperCase();
  });
  return { ...panel, options: { ...panel.options, content } };
}
