import { describe, expect, it } from '@jest/globals';
import { imageTypeOf, mimeTypeOf } from './file-type.ts';

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe('what a file is', () => {
  it.each([
    ['a WAV', 'RIFF\0\0\0\0WAVEfmt ', 'audio/wav', null],
    ['a WebM', '\x1aE\xdf\xa3\x01\0', 'audio/webm', null],
    ['an mp4', '\0\0\0\x18ftypmp42', 'audio/mp4', null],
    ['an m4a', '\0\0\0\x18ftypM4A ', 'audio/mp4', null],
    ['an Ogg', 'OggS\0\x02', 'audio/ogg', null],
    ['an MP3 with tags', 'ID3\x04\0', 'audio/mpeg', null],
    ['an MP3 without', '\xff\xfb\x90\0', 'audio/mpeg', null],
    ['an MPEG-2 layer III frame', '\xff\xf3\x40\0', 'audio/mpeg', null],
    ['ADTS, which is no MP3', '\xff\xf1\x50\x80', null, null],
    ['a text in UTF-16', '\xff\xfeh\0i\0', null, null],
    ['a text', 'dear diary', null, null],
    ['nothing', '', null, null],
    ['a JPEG', '\xff\xd8\xff\xe0', null, 'image/jpeg'],
    ['a PNG', '\x89PNG\r\n\x1a\n', null, 'image/png'],
    ['a WebP', 'RIFF\0\0\0\0WEBPVP8 ', null, 'image/webp'],
    ['a HEIC, though it has the box of an mp4', '\0\0\0\x18ftypheic', null, 'image/heic'],
  ])('is seen from its first bytes: %s', (_, start, recording, image) => {
    expect({ recording: mimeTypeOf(bytes(start)), image: imageTypeOf(bytes(start)) }).toEqual({
      recording,
      image,
    });
  });
});
