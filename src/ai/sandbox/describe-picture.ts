import sharp from 'sharp';

const MAX_PIXELS = 50_000_000;

/** Really looks at the picture: size, prevailing colour, brightness. @throws when it is not a picture */
export async function describePicture(bytes: Uint8Array): Promise<string> {
  const image = sharp(bytes, { limitInputPixels: MAX_PIXELS });
  const { width, height } = await image.metadata();
  const { dominant, channels } = await image.stats();
  const mean =
    channels.slice(0, 3).reduce((sum, channel) => sum + channel.mean, 0) / Math.min(3, channels.length);
  const brightness = mean < 85 ? 'dark' : mean < 170 ? 'medium bright' : 'bright';
  return `A ${brightness}, mostly ${colourName(dominant)} picture of ${width} by ${height} pixels.`;
}

function colourName({ r, g, b }: { r: number; g: number; b: number }): string {
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  if (max - min < 30) return max < 60 ? 'black' : max > 200 ? 'white' : 'grey';
  if (max === r) return g > b + 60 ? 'yellow' : 'red';
  return max === g ? 'green' : 'blue';
}
