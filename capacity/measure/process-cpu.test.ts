import { describe, expect, it } from '@jest/globals';
import { parse } from './process-cpu.ts';

describe('a line of /proc/<pid>/stat', () => {
  it('is read behind a name that holds brackets and spaces, ended children included', () => {
    const stat = '42 (tmux: (a) b) S 7 42 42 0 -1 4194560 1 2 3 4 100 20 3 4 20 0 1 0 123 0 0';
    expect(parse(42, stat)).toEqual({ pid: 42, parent: 7, ticks: 127 });
  });
});
