/**
 * IMA ADPCM as WAVE carries it (format 0x0011): four bits a sample, a quarter of PCM, no patents, no library. Each block
 * begins with a whole sample and the step it stands at, so it is decoded without the ones before it.
 *
 * A block is 625 samples: with 16,000 a second five seconds are 128 whole blocks, so segments join without one that is
 * filled up in the middle. (The customary 505 would give 158.4.)
 */

/** Four bytes of head, and 312 with two samples each. */
export const ADPCM_BLOCK_BYTES = 316;
export const ADPCM_BLOCK_SAMPLES = 1 + (ADPCM_BLOCK_BYTES - 4) * 2;

/** Of the IMA's recommendation, table 2 ("step size") and table 1 ("index adjustment"). */
const STEPS = [
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97,
  107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724,
  796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026,
  4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500,
  20350, 22385, 24623, 27086, 29794, 32767,
] as const;
const INDEX_CHANGES = [-1, -1, -1, -1, 2, 4, 6, 8] as const;

type State = { predicted: number; index: number };

/** Whole blocks; the last is filled up with its last sample, so its real length has to be said elsewhere (`fact`). */
export function encodeImaAdpcm(samples: Int16Array): Uint8Array {
  const blocks = Math.ceil(samples.length / ADPCM_BLOCK_SAMPLES);
  const bytes = new Uint8Array(blocks * ADPCM_BLOCK_BYTES);
  const view = new DataView(bytes.buffer);
  const state: State = { predicted: 0, index: firstIndex(samples) };
  const last = samples.length - 1;
  for (let block = 0; block < blocks; block++) {
    const from = block * ADPCM_BLOCK_SAMPLES;
    const at = block * ADPCM_BLOCK_BYTES;
    state.predicted = samples[from] ?? 0;
    view.setInt16(at, state.predicted, true);
    view.setUint8(at + 2, state.index);
    for (let i = 0; i < ADPCM_BLOCK_BYTES - 4; i++) {
      const first = from + 1 + i * 2;
      // "the first sample of a pair in the low four bits"
      const low = encodeSample(state, samples[Math.min(first, last)] ?? 0);
      const high = encodeSample(state, samples[Math.min(first + 1, last)] ?? 0);
      bytes[at + 4 + i] = low | (high << 4);
    }
  }
  return bytes;
}

/** @param samples how many there are; what fills the last block is left out */
export function decodeImaAdpcm(bytes: Uint8Array, samples: number): Int16Array {
  const decoded = new Int16Array(samples);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let from = 0; from < samples; from += ADPCM_BLOCK_SAMPLES) {
    const at = (from / ADPCM_BLOCK_SAMPLES) * ADPCM_BLOCK_BYTES;
    const state: State = { predicted: view.getInt16(at, true), index: view.getUint8(at + 2) };
    decoded[from] = state.predicted;
    const count = Math.min(ADPCM_BLOCK_SAMPLES, samples - from);
    for (let i = 1; i < count; i++) {
      const pair = view.getUint8(at + 4 + ((i - 1) >> 1));
      move(state, (i & 1) === 1 ? pair & 15 : pair >> 4);
      decoded[from + i] = state.predicted;
    }
  }
  return decoded;
}

function encodeSample(state: State, sample: number): number {
  const step = STEPS[state.index] ?? 7;
  let left = sample - state.predicted;
  let code = left < 0 ? 8 : 0;
  left = Math.abs(left);
  if (left >= step) {
    code |= 4;
    left -= step;
  }
  if (left >= step >> 1) {
    code |= 2;
    left -= step >> 1;
  }
  if (left >= step >> 2) code |= 1;
  move(state, code);
  return code;
}

/** What the decoder does with a code; the encoder does the same, so that errors don't add up. */
function move(state: State, code: number): void {
  const step = STEPS[state.index] ?? 7;
  let change = step >> 3;
  if (code & 4) change += step;
  if (code & 2) change += step >> 1;
  if (code & 1) change += step >> 2;
  const predicted = state.predicted + (code & 8 ? -change : change);
  state.predicted = Math.max(-32_768, Math.min(32_767, predicted));
  const index = state.index + (INDEX_CHANGES[code & 7] ?? 0);
  state.index = Math.max(0, Math.min(STEPS.length - 1, index));
}

/** A step that fits how the sound begins: a segment cut out of a loud word would need a millisecond to get there. */
function firstIndex(samples: Int16Array): number {
  const count = Math.min(32, samples.length - 1);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.abs((samples[i + 1] ?? 0) - (samples[i] ?? 0));
  const mean = count > 0 ? sum / count : 0;
  const index = STEPS.findIndex((step) => step >= mean);
  return index === -1 ? STEPS.length - 1 : index;
}
