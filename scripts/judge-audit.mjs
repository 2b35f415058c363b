/** What an audit's report means: the lines to print, and whether it is red. Pure: the day comes in. */

const SERIOUS = ['high', 'critical'];

/**
 * @param report `npm audit --json`, version 2
 * @param exceptions `[{advisory: 'GHSA-…', reason, until: '2027-01-31'}]`
 * @param today `2026-11-28`
 */
export function judge(report, exceptions, today) {
  if (report.vulnerabilities === undefined) {
    const why = report.error?.summary || report.message || report.error?.code || 'no report';
    return {
      lines: [`dependency audit: the registry could not be asked (${oneLine(why)}); nothing is known`],
      failed: false,
    };
  }
  const found = new Map();
  for (const { name, via } of Object.values(report.vulnerabilities)) {
    for (const cause of via) {
      if (typeof cause === 'string' || !SERIOUS.includes(cause.severity)) continue;
      const id = /GHSA-[\w-]+/.exec(cause.url ?? '')?.[0] ?? String(cause.source);
      found.set(id, `${id} ${cause.severity} in ${cause.name ?? name}: ${oneLine(cause.title ?? '')}`);
    }
  }
  const lines = [];
  let failed = false;
  for (const [id, what] of found) {
    const exception = exceptions.find(({ advisory }) => advisory === id);
    if (exception === undefined) lines.push(`FAILED  ${what}`);
    else if (exception.until < today)
      lines.push(`FAILED  ${what} (its exception ended on ${exception.until})`);
    else {
      lines.push(`ok      ${what} (until ${exception.until}: ${exception.reason})`);
      continue;
    }
    failed = true;
  }
  for (const { advisory } of exceptions)
    if (!found.has(advisory))
      lines.push(`note    the exception ${advisory} is for nothing any more: remove it`);
  if (found.size === 0) lines.push('ok      dependency audit: nothing high or critical in what we ship');
  return { lines, failed };
}

function oneLine(text) {
  return String(text).replaceAll(/\s+/g, ' ').trim().slice(0, 160);
}
