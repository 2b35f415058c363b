import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { prepareImage } from './image.ts';

const solid = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#336699' } });

describe('prepareImage', () => {
  it('downscales to 1024 pixels on the longer side', async () => {
    const { jpeg, width, height } = await prepareImage(await solid(4_000, 2_000).png().toBuffer());
    expect([width, height]).toEqual([1_024, 512]);
    expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 1_024, height: 512 });
  });

  it('leaves a small one its size', async () => {
    expect(await prepareImage(await solid(30, 20).webp().toBuffer())).toMatchObject({
      width: 30,
      height: 20,
    });
  });

  it('turns it upright and drops where and with what it was taken', async () => {
    const photo = await solid(40, 20)
      .withExif({ IFD0: { Model: 'a phone' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { jpeg, width, height } = await prepareImage(photo);
    expect([width, height]).toEqual([20, 40]);
    const { exif, orientation } = await sharp(jpeg).metadata();
    expect([exif, orientation]).toEqual([undefined, undefined]);
  });

  it.each<[string, () => Promise<Uint8Array>]>([
    ['a text', async () => Buffer.from('hello')],
    ['an SVG', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['a cut JPEG', async () => (await solid(800, 800).jpeg().toBuffer()).subarray(0, 400)],
    ['more than 64 megapixels', async () => solid(8_100, 8_100).png().toBuffer()],
  ])('refuses %s', async (_, make) => {
    await expect(prepareImage(await make())).rejects.toMatchObject({
      name: 'MediaError',
      code: 'not_an_image',
    });
  });
});
