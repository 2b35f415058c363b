/** Images as the provider gets them. */
import sharp from 'sharp';
import type { PreparedImage } from './media.ts';
import { MediaError } from './media-error.ts';

const MAX_SIDE = 1_024;
/** A 50-megapixel photograph passes; a decompression bomb doesn't. */
const MAX_PIXELS = 64_000_000;
const TIMEOUT_SECONDS = 10;

/**
 * An upright JPEG (quality 80) of at most 1024 pixels a side, without metadata: a photograph's EXIF has the place where
 * it was taken. JPEG, PNG, WebP, GIF, and AVIF are read; Apple's HEIC only where libheif can decode HEVC.
 * @throws MediaError `not_an_image`
 */
export async function prepareImage(bytes: Uint8Array): Promise<PreparedImage> {
  if (!looksLikeImage(bytes)) throw new MediaError('not_an_image', 'the file does not begin like an image');
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .timeout({ seconds: TIMEOUT_SECONDS })
      .rotate()
      .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 80 })
      .toBuffer({ resolveWithObject: true });
    return { jpeg: data, width: info.width, height: info.height };
  } catch (error) {
    throw new MediaError('not_an_image', 'the image is broken or too large', { cause: error });
  }
}

const STARTS: readonly (readonly [at: number, magic: string])[] = [
  [0, '\xff\xd8\xff'],
  [0, '\x89PNG\r\n\x1a\n'],
  [0, 'GIF8'],
  [8, 'WEBP'],
];
const HEIF_BRANDS = ['avif', 'avis', 'heic', 'heix', 'mif1', 'msf1'];

/** SVG and PDF, which sharp would read too, are programs rather than photographs. */
function looksLikeImage(bytes: Uint8Array): boolean {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  const heif = head.slice(4, 8) === 'ftyp' && HEIF_BRANDS.includes(head.slice(8, 12));
  return heif || STARTS.some(([at, magic]) => head.startsWith(magic, at));
}
