/** The Markdown that our text panels use: headings, paragraphs, lists, code, links, bold. Anything else stays as it is written. */
import { escapeHtml } from './escape-html.ts';

export function markdownToHtml(markdown: string): string {
  return Array.from(
    markdown.matchAll(/^```.*\n([\s\S]*?)^```$|^(?:(?!```).+(?:\n|$))+/gm),
    ([block, code]) =>
      code === undefined
        ? blocks(block.trimEnd().split('\n'))
        : `<pre><code>${escapeHtml(code)}</code></pre>`,
  ).join('\n');
}

/** Lines without an empty one between them: a heading, a list, or words. */
function blocks(lines: readonly string[]): string {
  const [first = '', ...rest] = lines;
  const heading = /^(#{1,4}) (.*)$/.exec(first);
  if (heading !== null) {
    const level = (heading[1]?.length ?? 1) + 1;
    const under = rest.length === 0 ? '' : blocks(rest);
    return `<h${level}>${inline(heading[2] ?? '')}</h${level}>${under}`;
  }
  if (lines.every((line) => line.startsWith('- ')))
    return `<ul>${lines.map((line) => `<li>${inline(line.slice(2))}</li>`).join('')}</ul>`;
  return `<p>${inline(lines.join(' '))}</p>`;
}

/** Code first: nothing in it is anything else. */
function inline(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) => (/^`.+`$/.test(part) ? `<code>${escapeHtml(part.slice(1, -1))}</code>` : marked(part)))
    .join('');
}

function marked(text: string): string {
  return escapeHtml(text)
    .replaceAll(/\*\*(.+?)\*\*/g, '<b>$1</b>')
    .replaceAll(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '<a href="$2">$1</a>');
}
