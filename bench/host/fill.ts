import type { Machine } from '../../test/support/machine';
import type { InstalledCopy } from './installedCopy';

/** Takes long, because VS Code's page encrypts all secrets whenever one is stored. */
const LONGEST_MS = 300_000;

/** Stores accounts `first` to `last` on a machine that has this extension. */
export async function fill(
  machine: Machine,
  copy: InstalledCopy,
  first: number,
  last: number,
): Promise<void> {
  await copy.becomeFiller(first, last);
  const page = await machine.openWindow();
  const done = page.locator('.statusbar-item').filter({ hasText: `Stored ${last} accounts` });
  await done.waitFor({ timeout: LONGEST_MS });
  await page.close();
}
