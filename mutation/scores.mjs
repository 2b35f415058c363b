/** Reads a report of Stryker (the mutation testing report schema) and says what it means. */
import { readFileSync } from 'node:fs';

/** The rooms that are changed. */
export const ROOMS = ['src/recording', 'src/rollout'];
const NOTICED = ['Killed', 'Timeout'];
const UNNOTICED = ['Survived', 'NoCoverage'];

/** @throws Error when there was no run yet */
export function readReport(path) {
  const { files } = JSON.parse(readFileSync(path, 'utf8'));
  return Object.entries(files).map(([file, { mutants, source }]) => ({ file, mutants, source }));
}

/** A row a room and one for both, as Markdown, with what kinds of change survived. */
export function scoreTable(report, at) {
  const rows = [...ROOMS, 'both'].map((room) => {
    const files = report.filter(({ file }) => room === 'both' || file.startsWith(`${room}/`));
    const { noticed, survived, uncovered, score } = countsOf(files);
    const shown = room === 'both' ? '**both**' : `\`${room}\``;
    return `| ${shown} | ${files.length} | ${noticed + survived + uncovered} | ${noticed} | ${survived} | ${uncovered} | **${score}** |`;
  });
  const kinds = [...survivorsByKind(report)].sort(([, a], [, b]) => b - a);
  return [
    `\`npm run mutation -- --write\`, ${at.toISOString().slice(0, 10)}`,
    '',
    '| room | files | changes | noticed | not noticed | reached by no test | score |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    `Those not noticed or not reached, by kind: ${kinds.map(([kind, count]) => `${kind} ${count}`).join(', ')}.`,
    '',
  ].join('\n');
}

function countsOf(files) {
  const count = (statuses) =>
    files.flatMap(({ mutants }) => mutants).filter(({ status }) => statuses.includes(status)).length;
  const [noticed, survived, uncovered] = [count(NOTICED), count(['Survived']), count(['NoCoverage'])];
  const all = noticed + survived + uncovered;
  return {
    noticed,
    survived,
    uncovered,
    score: all === 0 ? 'none' : `${((100 * noticed) / all).toFixed(1)} %`,
  };
}

function survivorsByKind(report) {
  const kinds = new Map();
  for (const { mutatorName } of report.flatMap(survivorsOf))
    kinds.set(mutatorName, (kinds.get(mutatorName) ?? 0) + 1);
  return kinds;
}

const survivorsOf = ({ mutants }) => mutants.filter(({ status }) => UNNOTICED.includes(status));

/** `file:line: what was there → what it was changed into`, in the order of the files. */
export function survivorLines(report) {
  return report.flatMap((each) => {
    const lines = each.source.split('\n');
    return survivorsOf(each).map(({ location: { start, end }, replacement, status }) => {
      const last = start.line === end.line ? end.column - 1 : undefined;
      const was = lines[start.line - 1].slice(start.column - 1, last);
      const how = status === 'NoCoverage' ? ' (reached by no test)' : '';
      return `${each.file}:${start.line}: ${shortened(was)} → ${shortened(replacement ?? '')}${how}`;
    });
  });
}

function shortened(text) {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
