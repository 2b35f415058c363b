import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLinkSpeed } from './link-speed.ts';
import { scriptedFileSystem } from './testing/scripted-file-system.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.dispose());

describe('the speed of the link', () => {
  it('is smoothed, and remembered over launches', () => {
    const speed = createLinkSpeed(scriptedFileSystem(folder.path));
    expect(speed.bytesPerSecond).toBeNull();
    speed.measured(100_000, 1_000);
    expect(speed.bytesPerSecond).toBe(100_000);
    speed.measured(50_000, 1_000);
    expect(speed.bytesPerSecond).toBe(85_000);
    expect(createLinkSpeed(scriptedFileSystem(folder.path)).bytesPerSecond).toBe(85_000);
  });

  it('is not measured by what is too small to tell, or took no time', () => {
    const speed = createLinkSpeed(scriptedFileSystem(folder.path));
    speed.measured(16_383, 1);
    speed.measured(160_000, 0);
    expect(speed.bytesPerSecond).toBeNull();
  });

  it.each(['', '{', 'null', '{"bytesPerSecond":"fast"}', '{"bytesPerSecond":-1}'])(
    'is measured anew where its file says %j',
    (content) => {
      const fs = scriptedFileSystem(folder.path);
      writeFileSync(join(folder.path, 'Documents/thankly-link-speed.json'), content);
      expect(createLinkSpeed(fs).bytesPerSecond).toBeNull();
    },
  );

  it('is still known to this launch when the disk is full', () => {
    const fs = scriptedFileSystem(folder.path);
    fs.room = 0;
    const speed = createLinkSpeed(fs);
    speed.measured(100_000, 1_000);
    expect(speed.bytesPerSecond).toBe(100_000);
  });
});
