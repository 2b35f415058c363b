/** Files made to keep us busy or to fill our memory: each is refused by its code, or is no more than it is, and soon. */
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { opusFile, opusPacket, pcmFormat } from '../../test/support/sound-files.ts';
import { cutForProvider } from './cut-for-provider.ts';
import { cutWindow } from './cut-window.ts';
import { prepareImage } from './image.ts';
import { joinSegments } from './join-segments.ts';
import { MAX_SECONDS } from './limits.ts';
import { probe } from './probe.ts';
import { wavFile } from './wav.ts';

/** Generous: a machine under load is slow, a bomb takes minutes or for ever. */
const SOON_MS = 15_000;
/** What a file of a few megabytes may become. */
const FEW_BYTES = 64 * 1024 * 1024;

const CODES = ['not_audio', 'empty', 'unreadable', 'unsupported', 'segments_differ', 'too_long'];

/** All that is ever done with a file; its codes, or what came of it. */
async function everything(bytes: Uint8Array): Promise<{ codes: string[]; seconds: number; made: number }> {
  const span = { startMs: 0, endMs: 20_000 };
  let made = 0;
  let seconds = 0;
  const codes: string[] = [];
  const started = performance.now();
  for (const attempt of [
    async () => {
      seconds = (await probe(bytes)).lengthMs / 1000;
    },
    async () => {
      made += (await cutWindow({ bytes }, span)).window?.bytes.length ?? 0;
    },
    async () => {
      made += (await joinSegments(once(bytes), 1)).bytes.length;
    },
    async () => {
      for (const window of await cutForProvider(bytes.slice(), 2 * 1024 * 1024)) made += window.bytes.length;
    },
  ]) {
    await attempt().catch((error: { code?: string }) => codes.push(error.code ?? String(error)));
  }
  expect(performance.now() - started).toBeLessThan(SOON_MS);
  for (const code of codes) expect(CODES).toContain(code);
  expect(made).toBeLessThan(FEW_BYTES);
  expect(seconds).toBeLessThanOrEqual(MAX_SECONDS + 1);
  return { codes, seconds, made };
}

async function* once(bytes: Uint8Array) {
  yield bytes;
}

const text = (value: string) => Buffer.from(value, 'latin1');
const uint32 = (...values: number[]) => uint32s(values);
function uint32s(values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) buffer.writeUInt32BE(value >>> 0, index * 4);
  return buffer;
}
function box(type: string, ...content: Uint8Array[]): Buffer {
  const inside = Buffer.concat(content);
  return Buffer.concat([uint32(8 + inside.length), text(type), inside]);
}
const full = (type: string, ...content: Uint8Array[]) => box(type, uint32(0), ...content);

/** A plain mp4 of Opus, with these tables: each as its type and its words after version and flags. */
function mp4(tables: Record<string, number[]>, data: Uint8Array): Buffer {
  const entry = box(
    'Opus',
    Buffer.alloc(6),
    Buffer.from([0, 1]),
    Buffer.alloc(8),
    Buffer.from([0, 1, 0, 16]),
    uint32(0, 48_000 * 65_536),
    box('dOps', Buffer.from([0, 1, 0, 0]), uint32(48_000), Buffer.from([0, 0, 0])),
  );
  const stbl = box(
    'stbl',
    full('stsd', uint32(1), entry),
    ...Object.entries(tables).map(([type, words]) => full(type, uint32s(words))),
  );
  const trak = box(
    'trak',
    full('tkhd', uint32(0, 0, 1, 0, 0), Buffer.alloc(60)),
    box(
      'mdia',
      full('mdhd', uint32(0, 0, 48_000, 0, 0)),
      full('hdlr', uint32(0), text('soun'), Buffer.alloc(13)),
      box('minf', stbl),
    ),
  );
  const ftyp = box('ftyp', text('isom'), uint32(0), text('isom'));
  const moov = box('moov', full('mvhd', uint32(0, 0, 48_000, 0), Buffer.alloc(80)), trak);
  return Buffer.concat([ftyp, moov, box('mdat', data)]);
}

function wavHeader(dataSize: number, riff = 'RIFF'): Buffer {
  const header = Buffer.from(wavFile(pcmFormat(1, 16_000, 16), new Uint8Array(3_200)));
  header.write(riff, 0, 'latin1');
  header.writeUInt32LE(dataSize >>> 0, 4);
  header.writeUInt32LE(dataSize >>> 0, header.indexOf('data') + 4);
  return header;
}

/** EBML: an id as its bytes, a size in eight. */
function element(id: string, content: Uint8Array | 'unknown'): Buffer {
  const size = Buffer.alloc(8, 0xff);
  if (content !== 'unknown') size.writeBigUInt64BE((1n << 56n) | BigInt(content.length));
  else size[0] = 0x01;
  return Buffer.concat([Buffer.from(id, 'hex'), size, content === 'unknown' ? Buffer.alloc(0) : content]);
}

describe('a recording that claims more than it is', () => {
  it.each([0xffff_ffff, 0xffff_fffe, 0x7fff_ffff, 0x4000_0000])(
    'WAV with %d bytes of samples has those that are there',
    async (size) => {
      expect((await everything(wavHeader(size))).seconds).toBeCloseTo(0.1, 2);
    },
  );

  it('RF64 with a length of 2^32−1 has the samples that are there', async () => {
    expect((await everything(wavHeader(0xffff_ffff, 'RF64'))).seconds).toBeCloseTo(0.1, 2);
  });

  it('WAV of one sample a second is no year of sound', async () => {
    const year = wavFile(pcmFormat(1, 1, 8), new Uint8Array(1_000_000));
    expect(new Set((await everything(year)).codes)).toEqual(new Set(['too_long']));
  });

  it('WebM that says that it lasts for 10^18 s has the packets that are there', async () => {
    const file = Buffer.from(await opusFile('webm', [opusPacket({ frame: 20, body: new Uint8Array(20) })]));
    const duration = file.indexOf(Buffer.from('4489', 'hex'));
    if (duration >= 0) file.writeDoubleBE(1e21, duration + 3);
    expect((await everything(file)).seconds).toBeLessThan(1);
  });

  it('hours of Opus in packets of two bytes end at six', async () => {
    const tiny = Uint8Array.from([0x0b, 0x06]); // code 3: 6 frames of 20 ms, with nothing in them
    const packets = Array.from({ length: 190_000 }, () => tiny);
    const seconds = packets.length * 0.12;
    expect(seconds).toBeGreaterThan(MAX_SECONDS);
    const cluster = Buffer.concat(
      packets.map((packet) => Buffer.concat([Buffer.from([0xa3, 0x86, 0x81, 0, 0, 0x80]), packet])),
    );
    const head = Buffer.from(await opusFile('webm', [opusPacket({ frame: 20, body: new Uint8Array(9) })]));
    const before = head.subarray(0, head.indexOf(Buffer.from('1f43b675', 'hex')));
    const bomb = Buffer.concat([before, element('1f43b675', 'unknown'), cluster]);
    expect(bomb.length).toBeLessThan(2_000_000);
    expect(new Set((await everything(bomb)).codes)).toEqual(new Set(['too_long']));
  }, 60_000);
});

describe('a recording whose index lies', () => {
  const data = Buffer.alloc(100_000, 0x08);

  it('mp4 whose packets are all the same 50 kB are no ten gigabytes', async () => {
    const packets = 200_000;
    const bomb = mp4(
      {
        stts: [1, packets, 960],
        stsc: [1, 1, 1, 1],
        stsz: [50_000, packets],
        stco: [packets, ...Array.from({ length: packets }, () => 600)],
      },
      data,
    );
    const { codes, made } = await everything(bomb);
    expect(new Set(codes)).toEqual(new Set(['unreadable']));
    expect(made).toBe(0);
  }, 60_000);

  it.each<[string, Record<string, number[]>]>([
    ['2^32−1 packets', { stts: [1, 9, 960], stsc: [1, 1, 1, 1], stsz: [1, 0xffff_ffff], stco: [1, 600] }],
    [
      '2^32−1 packets in a chunk',
      { stts: [1, 9, 960], stsc: [1, 1, 0xffff_ffff, 1], stsz: [1, 2_000_000], stco: [1, 600] },
    ],
    [
      'a run of times that is endless',
      { stts: [0xffff_ffff, 9, 960], stsc: [1, 1, 1, 1], stsz: [1, 9], stco: [1, 600] },
    ],
    ['2^32−1 chunks', { stts: [1, 9, 960], stsc: [1, 1, 1, 1], stsz: [1, 9], stco: [0xffff_ffff, 600] }],
    ['no tables', {}],
  ])('mp4 with %s is refused, or has what is there', async (_, tables) => {
    expect((await everything(mp4(tables, data))).made).toBeLessThanOrEqual(10 * data.length);
  });

  it.each([
    [
      'a box that is its own parent’s end',
      Buffer.concat([box('ftyp', text('isom')), uint32(0), text('moov')]),
    ],
    ['boxes of no length', Buffer.concat([box('ftyp', text('isom')), Buffer.alloc(4_000_000)])],
    [
      'a box of 2^63 bytes',
      Buffer.concat([box('ftyp', text('isom')), uint32(1), text('moov'), uint32(0x7fff_ffff, 0xffff_ffff)]),
    ],
  ])('mp4 with %s ends', async (_, bytes) => {
    expect((await everything(bytes)).codes.length).toBeGreaterThan(0);
  });

  it('boxes within boxes, 100,000 deep, end', async () => {
    const deep = Buffer.alloc(800_000);
    for (let at = 0; at < deep.length; at += 8) {
      deep.writeUInt32BE(deep.length - at, at);
      deep.write(at % 16 === 0 ? 'moov' : 'trak', at + 4, 'latin1');
    }
    expect((await everything(Buffer.concat([box('ftyp', text('isom')), deep]))).codes).toHaveLength(4);
  });

  it('EBML elements within elements, 100,000 deep and of unknown length, end', async () => {
    const head = element('1a45dfa3', Buffer.from('4282847765626d', 'hex'));
    const deep = Buffer.concat(
      Array.from({ length: 100_000 }, (_, i) => element(i % 2 === 0 ? '18538067' : '1f43b675', 'unknown')),
    );
    expect((await everything(Buffer.concat([head, deep]))).codes).toHaveLength(4);
  });

  it('Ogg pages that never end a packet end', async () => {
    const page = Buffer.concat([text('OggS'), Buffer.alloc(22), Buffer.from([255]), Buffer.alloc(255, 0xff)]);
    page.writeUInt8(255, 26);
    const bomb = Buffer.concat(Array.from({ length: 10_000 }, () => page));
    expect((await everything(bomb)).codes.length).toBeGreaterThan(0);
  });
});

describe('what says to be sound and is not', () => {
  it.each<[string, Uint8Array]>([
    ['a web page', text('<!doctype html><script>alert(1)</script>')],
    ['a playlist', text('#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:1/secret.ts\n')],
    ['a concat list', text("ffconcat version 1.0\nfile '/etc/passwd'\n")],
    ['a program', Buffer.concat([Buffer.from([0x7f]), text('ELF'), Buffer.alloc(200)])],
    ['a zip archive', Buffer.concat([text('PK\x03\x04'), Buffer.alloc(200)])],
    ['a gzip', Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), Buffer.alloc(200)])],
    ['a picture', Buffer.concat([Buffer.from([0x89]), text('PNG\r\n\x1a\n'), Buffer.alloc(200)])],
    ['an SVG', text('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['nothing but zeros', Buffer.alloc(10_000)],
  ])('%s: not_audio', async (_, bytes) => {
    expect(new Set((await everything(bytes)).codes)).toEqual(new Set(['not_audio']));
  });
});

describe('a picture that is a bomb', () => {
  it('of 30,000 × 30,000 pixels in a few kilobytes is refused before it is unpacked', async () => {
    // A whole PNG of one pixel whose header claims more: the claim is what is looked at.
    const png = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } })
      .png()
      .toBuffer();
    png.writeUInt32BE(30_000, 16);
    png.writeUInt32BE(30_000, 20);
    const started = performance.now();
    await expect(prepareImage(png)).rejects.toMatchObject({ code: 'not_an_image' });
    expect(performance.now() - started).toBeLessThan(SOON_MS);
  });

  it.each([
    [
      'an SVG that names a file',
      '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    ],
    ['an XML of entities', '<!DOCTYPE x [<!ENTITY a "aaaa">]><svg>&a;</svg>'],
    ['a PDF', '%PDF-1.7'],
    ['a recording', 'RIFF\x00\x00\x00\x00WAVEfmt '],
  ])('%s is no picture', async (_, content) => {
    await expect(prepareImage(text(content))).rejects.toMatchObject({ code: 'not_an_image' });
  });
});
