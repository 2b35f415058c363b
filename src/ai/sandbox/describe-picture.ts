import sharp from 'sharp';

const MAX_PIXELS = 50_000_000;
/** Colour and brightness are taken from a small copy. */
const THUMBNAIL = 128;

/** Really looks at the picture: size, prevailing colour, brightness. @throws when it is not a picture */
export async function describePicture(bytes: Uint8Array): Promise<string> {
  const image = sharp(bytes, { limitInputPixels: MAX_PIXELS });
  const { autoOrient } = await image.metadata();
  const small = await image
    .autoOrient()
    .resize(THUMBNAIL, THUMBNAIL, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .png()
    .toBuffer();
  const { dominant, channels } = await sharp(small).stats();
  const colours = channels.slice(0, 3);
  const mean = colours.reduce((sum, channel) => sum + channel.mean, 0) / colours.length;
  const brightness = mean < 85 ? 'dark' : mean < 170 ? 'medium bright' : 'bright';
  return `A ${brightness}, mostly ${colourName(dominant)} picture of ${autoOrient.width} by ${autoOrient.height} pixels.`;
}

/** By hue, in twelfths of the circle. */
const HUES = [
  'red',
  'orange',
  'yellow',
  'green',
  'green',
  'green',
  'cyan',
  'blue',
  'blue',
  'violet',
  'pink',
  'red',
];

function colourName({ r, g, b }: { r: number; g: number; b: number }): string {
  const max = Math.max(r, g, b);
  const range = max - Math.min(r, g, b);
  if (range < 30) return max < 60 ? 'black' : max > 200 ? 'white' : 'grey';
  const sixth = max === r ? (g - b) / range : max === g ? 2 + (b - r) / range : 4 + (r - g) / range;
  return HUES[Math.round(sixth * 2 + 12) % 12] ?? 'grey';
}
