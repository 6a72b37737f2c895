import type { Page } from 'playwright-core';
import { submit } from './workbench';

/** Waits for the question how to log in: the box before has the same title. */
export async function waitForHow(page: Page): Promise<void> {
  await page
    .locator('.quick-input-list .monaco-list-row', { hasText: 'With Your Browser' })
    .waitFor();
}

/**
 * Answers with the browser. The VS Code of these tests leads what is on this machine through its own server, as that of
 * code-server does.
 * @returns the page that VS Code opens, loaded, and the address that it means
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
