import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';

/** Width of all still pictures: narrow enough to be readable at full size on a page. */
const WIDTH = 640;

/** Margin around the shown element. */
const MARGIN = 24;

/**
 * A picture of part of a window: an element with a margin, and the status bar below. The space between them is left out,
 * so it looks like a smaller window.
 *
 * @returns a PNG
 */
export async function still(page: Page, target: Locator): Promise<Buffer> {
  await page.mouse.move(20, 500); // away from everything
  const [wide, status] = await Promise.all([boxOf(target), boxOf(page.locator('.part.statusbar'))]);
  const top = Math.max(0, wide.y - MARGIN);
  const parts = [
    {
      x: wide.x + wide.width / 2 - WIDTH / 2,
      y: top,
      height: Math.min(wide.y + wide.height + MARGIN, status.y) - top,
    },
    { x: 0, y: status.y, height: status.height },
  ];
  const pictures: Buffer[] = [];
  for (const part of parts) {
    const clip = { ...part, width: WIDTH };
    pictures.push(await page.screenshot({ animations: 'disabled', clip }));
  }
  return await stack(pictures);
}

/** Joins pictures, one below the other. */
async function stack(pictures: readonly Buffer[]): Promise<Buffer> {
  const sizes = await Promise.all(pictures.map((picture) => sharp(picture).metadata()));
  const heights = sizes.map(({ height }) => height);
  const height = heights.reduce((sum, each) => sum + each, 0);
  const placed = pictures.map((input, index) => ({
    input,
    left: 0,
    top: heights.slice(0, index).reduce((sum, each) => sum + each, 0),
  }));
  const { width = 0 } = sizes[0] ?? {};
  const canvas = sharp({ create: { width, height, channels: 3, background: 'black' } });
  return await canvas.composite(placed).png().toBuffer();
}

async function boxOf(
  locator: Locator,
): Promise<NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>> {
  const box = await locator.first().boundingBox();
  if (!box) throw new Error('What the picture is to show is not there.');
  return box;
}
