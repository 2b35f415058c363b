/** What the pure rooms' tests take from Jest, as Vitest has it. */
export { describe, expect, it } from 'vitest';
