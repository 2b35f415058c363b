import { describe, expect, it } from '@jest/globals';
import { withPart } from '../../scripts/marked-part.mjs';

const PAGE = 'by hand\n<!-- a -->\nold $& text\n<!-- /a -->\nby hand, too\n<!-- b -->\n<!-- /b -->\n';

describe('the part of a page that a program writes', () => {
  it('is replaced, and nothing else is', () => {
    expect(withPart(PAGE, 'a', 'costs $1')).toBe(
      'by hand\n<!-- a -->\ncosts $1\n<!-- /a -->\nby hand, too\n<!-- b -->\n<!-- /b -->\n',
    );
    expect(withPart(PAGE, 'b', 'new')).toContain('<!-- b -->\nnew\n<!-- /b -->');
  });

  it('has to be there', () => {
    expect(() => withPart(PAGE, 'c', 'text')).toThrow('no part marked c');
  });
});
