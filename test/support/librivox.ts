/** Recordings of people reading (LibriVox), from Debian's pocketsphinx-testdata, and whether they can be recognised here. */
import { existsSync } from 'node:fs';
import { pocketsphinxMissing } from '../../src/ai/sandbox/pocketsphinx.ts';

export const LIBRIVOX = '/usr/share/pocketsphinx/test/data/librivox';

/** 16 kHz, 16 bits, mono. */
export const librivoxFile = (number: string): string =>
  `${LIBRIVOX}/sense_and_sensibility_01_austen_64kb-${number}.wav`;

export const speechMissing = (): string | null =>
  pocketsphinxMissing() ??
  (existsSync(LIBRIVOX) ? null : 'there are no recordings to try it on (Debian: pocketsphinx-testdata)');
