import { describe, expect, it } from '@jest/globals';
import { parseExposition, sumOf } from './exposition.ts';

const TEXT = `# HELP calls Calls
# TYPE calls counter
calls{call="transcribe",result="ok"} 12
calls{call="title",result="ok"} 3
calls{call="title",result="timed \\"out\\""} 1
seconds_sum 4.5e-1
`;

describe('what a node tells of itself', () => {
  it('is summed over the series that have the labels', () => {
    const samples = parseExposition(TEXT);
    expect(sumOf(samples, 'calls')).toBe(16);
    expect(sumOf(samples, 'calls', { call: 'title' })).toBe(4);
    expect(sumOf(samples, 'calls', { call: 'title', result: 'ok' })).toBe(3);
    expect(sumOf(samples, 'seconds_sum')).toBe(0.45);
    expect(sumOf(samples, 'unheard_of')).toBe(0);
  });
});
