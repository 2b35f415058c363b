import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { describePicture } from './describe-picture.ts';

const picture = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 3, background } });

describe('describing a picture', () => {
  it.each([
    ['#d01010', 'A dark, mostly red picture of 40 by 30 pixels.'],
    ['#f0e020', 'A medium bright, mostly yellow picture of 40 by 30 pixels.'],
    ['#2040e0', 'A medium bright, mostly blue picture of 40 by 30 pixels.'],
    ['#ffffff', 'A bright, mostly white picture of 40 by 30 pixels.'],
    ['#000000', 'A dark, mostly black picture of 40 by 30 pixels.'],
  ])('tells the size, the colour and the light of %s', async (colour, description) => {
    expect(await describePicture(await picture(40, 30, colour).png().toBuffer())).toBe(description);
  });

  it('tells the size as it is seen, when the camera was held upright', async () => {
    const turned = await picture(40, 30, '#20a020').jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect(await describePicture(turned)).toContain('green picture of 30 by 40 pixels');
  });

  it('refuses what is no picture', async () => {
    await expect(describePicture(Buffer.from('hello'))).rejects.toThrow();
  });
});
