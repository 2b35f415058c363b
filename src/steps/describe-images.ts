/** Describes the session's images, from our own store only: downscaled, stripped of metadata, one call an image. */
import { createHash } from 'node:crypto';
import { needed } from './needed.ts';
import type { Step } from './step.ts';
import { ChunkDamaged } from './stored-chunks.ts';

export const describeImages: Step = async ({
  session,
  generation,
  objects,
  media,
  ai,
  texts,
  signal,
  limits,
  now,
}) => {
  const { images } = needed(session.upload, 'completed upload');
  const described = await Promise.all(
    images.map(async (image) => {
      const original = await objects.read(image.key, limits.maxImageBytes);
      if (createHash('sha256').update(original).digest('hex') !== image.sha256)
        throw new ChunkDamaged(image.index);
      const { jpeg } = await media.prepareImage(original);
      return ai.describeImage(jpeg, { signal });
    }),
  );
  const { provider, model } = needed(described[0], 'image');
  const descriptions = described.map(({ description }) => description);
  const reference = await texts.write(session.sessionId, 'images', { descriptions, provider, model });
  return [
    {
      type: 'ImagesDescribed',
      data: { at: now(), generation, provider, model, ...reference, images: descriptions.length },
    },
  ];
};
