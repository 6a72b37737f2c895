import type { Page } from 'playwright-core';
import { submit } from './workbench';

/** Waits for the list of ways to log in, since the prompt before it has the same title. */
export async function waitForHow(page: Page): Promise<void> {
  await page
    .locator('.quick-input-list .monaco-list-row', { hasText: 'With Your Browser' })
    .waitFor();
}

/**
 * Chooses to log in with the browser. VS Code in these tests, like code-server, opens URLs of this machine through its
 * own proxy.
 * @returns the loaded page that VS Code opens, and the URL behind the proxy
 */
export async function chooseBrowser(
  page: Page,
): Promise<{ readonly opened: Page; readonly address: string }> {
  await waitForHow(page);
  const opening = page.context().waitForEvent('page');
  await submit(page, 'browser');
  const opened = await opening;
  await opened.waitForLoadState();
  return { opened, address: opened.url().replace(/^.*\/proxy\/(\d+)/, 'http://127.0.0.1:$1') };
}
