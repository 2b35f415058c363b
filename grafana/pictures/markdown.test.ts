import { describe, expect, it } from '@jest/globals';
import { markdownToHtml } from './markdown.ts';

describe('Markdown', () => {
  it.each([
    ['one\ntwo\n\nthree', '<p>one two</p>\n<p>three</p>'],
    ['## From a trace\nwords', '<h3>From a trace</h3><p>words</p>'],
    ['- a `b`\n- **c**', '<ul><li>a <code>b</code></li><li><b>c</b></li></ul>'],
    [
      '[**Its timeline**](http://127.0.0.1:8080/x?a=b&c=d)',
      '<p><a href="http://127.0.0.1:8080/x?a=b&amp;c=d"><b>Its timeline</b></a></p>',
    ],
    ['[x](javascript:alert)', '<p>[x](javascript:alert)</p>'],
    [
      'before\n\n```sh\necho <a>\n\n- `b`\n```\n\nafter',
      '<p>before</p>\n<pre><code>echo &lt;a&gt;\n\n- `b`\n</code></pre>\n<p>after</p>',
    ],
    ['`**no**` <b>', '<p><code>**no**</code> &lt;b&gt;</p>'],
  ])('%j', (markdown, html) => {
    expect(markdownToHtml(markdown)).toBe(html);
  });
});
