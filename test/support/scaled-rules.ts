/**
 * Rules and routes whose minutes and hours are shorter: the same expressions and thresholds, every range, `for`, offset,
 * group interval and wait divided by one number. A test sees an alert fire and resolve in seconds that way; that the
 * unscaled ones do it in their own time is shown by the promtool tests.
 *
 * Not scaled: seconds that are compared (`> 30`, `le="25"`), and names of recorded series, which have a range in them.
 */

/** Of a file of prometheus/rules, which are written in one regular form. */
export function scaledRules(yaml: string, divisor: number): string {
  return yaml
    .replace(/^( +(?:for|interval|keep_firing_for): )(\w+)$/gm, (_, key, time) => key + scaled(time, divisor))
    .replace(/\[(\w+)\]/g, (_, range) => `[${scaled(range, divisor)}]`)
    .replace(/\boffset (\w+)/g, (_, time) => `offset ${scaled(time, divisor)}`);
}

/** Of alertmanager.yml. */
export function scaledRoutes(yaml: string, divisor: number): string {
  return yaml.replace(
    /^( +(?:group_wait|group_interval|repeat_interval): )(\w+)$/gm,
    (_, key, time) => key + scaled(time, divisor),
  );
}

const MS_IN: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function scaled(time: string, divisor: number): string {
  const [, number = '', unit = ''] = /^(\d+)([smhd])$/.exec(time) ?? [];
  const ms = Math.round((Number(number) * (MS_IN[unit] ?? Number.NaN)) / divisor);
  if (!(ms > 0)) throw new Error(`not a time that can be divided by ${divisor}: ${time}`);
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}
