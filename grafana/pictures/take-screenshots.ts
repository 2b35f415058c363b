/** What Debian's Chromium makes of the pages, small enough for a repository. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { openBrowser } from '../../test/support/chromium.ts';

/** Three panels of lines side by side, as on a laptop. */
const WIDTH = 1280;
const DRAWN_MS = 20_000;
const SCHEMES = [
  { scheme: 'light', suffix: '' },
  { scheme: 'dark', suffix: '-dark' },
] as const;

/** `<uid>.png` and `<uid>-dark.png` of each page, in `folder`. @param pages file names by uid @returns file names */
export async function takeScreenshots(pages: ReadonlyMap<string, string>, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const browser = await openBrowser({ width: WIDTH, height: 800 });
  const written: string[] = [];
  try {
    const { page } = browser;
    page.setDefaultTimeout(DRAWN_MS);
    for (const [uid, file] of pages) {
      for (const { scheme, suffix } of SCHEMES) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.goto(pathToFileURL(file).href);
        await page.locator('html[data-drawn]').waitFor({ state: 'attached' });
        const image = join(folder, `${uid}${suffix}.png`);
        const taken = await page.screenshot({ fullPage: true, animations: 'disabled' });
        // Few colours: a quarter of the size, and no difference to the eye.
        await writeFile(
          image,
          await sharp(taken).png({ palette: true, compressionLevel: 9, effort: 10 }).toBuffer(),
        );
        written.push(image);
      }
    }
  } finally {
    await browser.close();
  }
  return written;
}
