// What a user does and sees in a VS Code window. Texts are those on the screen; each function waits until its subject
// is there.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { FrameLocator, Locator, Page } from 'playwright-core';

import { ROOT } from './buildExtension';

/** How long extensions may take to start, and their commands to appear. */
const EXTENSIONS_MS = 45_000;
const PALETTE_MS = 4_000;
/** How long the palette may take to list a command that it has. */
const LISTED_MS = 1_000;

/** How soon a quick input that searches shows that it does. */
const SEARCH_BEGINS_MS = 2_000;

/** How long the page of an extension may take to open. */
const PAGE_MS = 15_000;

/** Width of a window with another one next to it, in pixels. */
const NARROW = 800;

/** The whole text, or a pattern for a part of it. */
export type Text = string | RegExp;

export interface StatusBarItem {
  readonly text: string;
  /** As read by a screen reader. */
  readonly label: string;
  readonly background: 'none' | 'warning' | 'error';
}

export interface QuickPickItem {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** Resolves once the workbench is usable; extensions may still be starting. */
export async function waitForWorkbench(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .statusbar-item').first().waitFor();
}

/** Reloads the window: everything that was only in its memory is lost. */
export async function reloadWindow(page: Page): Promise<void> {
  await page.reload();
  await waitForWorkbench(page);
}

/** Where screenshots go: absolute path. */
export const SCREENSHOTS = path.join(ROOT, 'out', 'screenshots');

/** Saves a screenshot of the window as NAME.png, and its text as NAME.txt. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const file = path.join(SCREENSHOTS, name);
  await page.screenshot({ path: `${file}.png`, animations: 'disabled' });
  await writeFile(`${file}.txt`, await page.locator('body').innerText());
}

/** Saves a screenshot at both widths: NAME and NAME-narrow. */
export async function screenshots(page: Page, name: string): Promise<void> {
  await screenshot(page, name);
  const size = page.viewportSize();
  if (!size) throw new Error("A window without a size can't be made narrow.");
  await page.setViewportSize({ ...size, width: NARROW });
  await screenshot(page, `${name}-narrow`);
  await page.setViewportSize(size);
}

// ---- command palette and quick inputs

export async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('F1');
  await quickInput(page).waitFor();
}

/** Runs a command by its full title, such as `Looker: Log In…`. Waits for the extension that contributes it. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const command = quickPickRow(page, title);
  const deadline = Date.now() + EXTENSIONS_MS;
  do {
    try {
      await openPalette(page);
      await quickInput(page).fill(`>${title}`, { timeout: PALETTE_MS });
      await command.waitFor({ timeout: LISTED_MS });
      await command.click({ timeout: PALETTE_MS });
      return;
    } catch {
      // It isn't there yet, or something that is just opening has taken the focus and closed the palette.
      if (await quickInput(page).isVisible()) await pressEscape(page);
    }
  } while (Date.now() < deadline);
  throw new Error(`VS Code has no command "${title}".`);
}

/** Resolves once a quick input with this title is open. */
export async function waitForQuickInput(page: Page, title: Text): Promise<void> {
  await page
    .locator('.quick-input-title')
    .filter({ hasText: whole(title) })
    .waitFor();
}

export async function waitUntilQuickInputCloses(page: Page): Promise<void> {
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

/** Replaces the text in the quick input. */
export async function typeInto(page: Page, text: string): Promise<void> {
  await quickInput(page).fill(text);
}

/**
 * Types into a quick input that searches, and waits for what it finds. That replaces the list, and VS Code loses a
 * click at that moment.
 */
export async function searchFor(page: Page, text: string): Promise<void> {
  const progress = page.locator('.quick-input-widget .monaco-progress-container.active');
  await typeInto(page, text);
  await progress.waitFor({ timeout: SEARCH_BEGINS_MS }).catch(() => undefined); // it may be over
  await progress.waitFor({ state: 'hidden' });
}

/** Presses Enter in the quick input, after typing any text, once it has no validation error. */
export async function submit(page: Page, text?: string): Promise<void> {
  if (text !== undefined) await typeInto(page, text);
  await page.locator('.quick-input-box .monaco-inputbox:not(.error)').waitFor();
  await quickInput(page).press('Enter');
}

/**
 * Completes the steps of a dialog of quick inputs in order, which its title counts: `Log In to Looker (1/3)`. Once the
 * instance is known, the title names it in place of Looker: `Log In to acme.cloud.looker.com (2/3)`.
 */
export async function submitSteps(
  page: Page,
  title: string,
  answers: readonly string[],
  steps = 3,
): Promise<void> {
  for (const [index, answer] of answers.entries()) {
    const [before = '', after = ''] = title.split('Looker').map(escaped);
    await waitForQuickInput(
      page,
      new RegExp(`^\\s*${before}\\S+${after} \\(${index + 1}/${steps}\\)\\s*$`),
    );
    await submit(page, answer);
  }
}

/** Resolves once the quick input shows this message below the input. */
export async function waitForQuickInputMessage(page: Page, message: RegExp): Promise<void> {
  await page.locator('.quick-input-message').filter({ hasText: message }).waitFor();
}

/** The validation message of the quick input. */
export async function validationMessage(page: Page): Promise<string> {
  await page.locator('.quick-input-box .monaco-inputbox:is(.error, .warning, .info)').waitFor();
  return await page.locator('.quick-input-message').innerText();
}

export async function quickPickItems(page: Page): Promise<readonly QuickPickItem[]> {
  const rows = page.locator('.quick-input-list .monaco-list-row');
  await rows.first().waitFor();
  const read = async (row: Locator): Promise<QuickPickItem> => ({
    label: await textOf(row.locator('.label-name')),
    description: await textOf(row.locator('.label-description')),
    detail: await textOf(row.locator('.quick-input-list-label-meta')),
  });
  return await Promise.all((await rows.all()).map(read));
}

export async function pickItem(page: Page, label: Text): Promise<void> {
  await clickUncovered(page, quickPickRow(page, label));
}

/** The icons inside the label of a line, by their classes, without the one before the label. */
export async function iconsIn(page: Page, label: RegExp): Promise<readonly (string | null)[]> {
  const icons = await quickPickRow(page, label).locator('.label-name .codicon').all();
  return await Promise.all(icons.map((icon) => icon.getAttribute('class')));
}

/** The focused line, as a screen reader reads it; empty if there is none. */
export async function focusedRow(page: Page): Promise<string> {
  const row = page.locator('.quick-input-list .monaco-list-row.focused').first();
  return (await row.getAttribute('aria-label', { timeout: 200 }).catch(() => null)) ?? '';
}

/** Presses a button in the title of the quick input, such as `Back`. */
export async function pressQuickInputButton(page: Page, label: string): Promise<void> {
  const titleBar = page.locator('.quick-input-titlebar');
  await clickUncovered(page, titleBar.getByRole('button', { name: label }));
}

/** A hover about what the mouse was over before would cover what is clicked, for as long as the mouse stays. */
async function clickUncovered(page: Page, target: Locator): Promise<void> {
  await page.mouse.move(0, 0);
  await target.click();
}

export async function pressEscape(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
}

// ---- status bar

export async function statusBarItem(page: Page, text: Text): Promise<StatusBarItem> {
  const item = statusBarEntry(page, text);
  // In this order, so that the colors belong to the label that was awaited.
  const label = (await item.getAttribute('aria-label')) ?? '';
  const classes = (await item.getAttribute('class')) ?? '';
  return {
    text: (await item.innerText()).trim(),
    label,
    background:
      (/\b(warning|error)-kind\b/.exec(classes)?.[1] as 'warning' | 'error' | undefined) ?? 'none',
  };
}

/** Resolves once a temporary message in the status bar shows this text. */
export async function waitForStatusBarMessage(page: Page, text: RegExp): Promise<void> {
  await page.locator('.statusbar-item[id*="extensionMessage"]').filter({ hasText: text }).waitFor();
}

export async function clickStatusBarItem(page: Page, text: Text): Promise<void> {
  await statusBarEntry(page, text).locator('a').click();
}

/** The tooltip of the item. */
export async function statusBarTooltip(page: Page, text: Text): Promise<string> {
  await statusBarEntry(page, text).hover();
  return await seenText(page.locator('.monaco-hover .hover-contents'));
}

// ---- notifications and dialogs

export async function waitForNotification(page: Page, message: Text): Promise<void> {
  // The previous one may still be fading out.
  await notification(page, message).first().waitFor();
}

/** The targets of the links in a notification. */
export async function linksIn(page: Page, message: Text): Promise<readonly (string | null)[]> {
  const links = await notification(page, message)
    .locator('.notification-list-item-message a')
    .all();
  return await Promise.all(links.map((link) => link.getAttribute('href')));
}

export async function answerNotification(page: Page, message: Text, button: string): Promise<void> {
  await notification(page, message).getByRole('button', { name: button, exact: true }).click();
}

/** Message and detail of the modal dialog. */
export async function dialogText(page: Page): Promise<string> {
  return await seenText(page.locator('.monaco-dialog-box .dialog-message-container'));
}

export async function answerDialog(page: Page, button: string): Promise<void> {
  const dialog = page.locator('.monaco-dialog-box');
  const answered = await dialog.elementHandle();
  await dialog.getByRole('button', { name: button, exact: true }).click();
  // Another dialog may take its place.
  await answered.waitForElementState('hidden');
}

// ---- Accounts menu

/** Opens the Accounts menu, and returns its items. */
export async function openAccountsMenu(page: Page): Promise<readonly string[]> {
  await page.locator('.activitybar [aria-label^="Accounts"]').first().click();
  const items = page.locator('.monaco-menu .action-menu-item .action-label');
  await items.first().waitFor();
  return await items.allInnerTexts();
}

/**
 * Selects items of the open menu one after the other, through its submenus. Uses Enter, since a menu ignores the mouse
 * at first.
 */
export async function pickMenuItem(page: Page, ...path: readonly Text[]): Promise<void> {
  for (const label of path) {
    await page.locator('.monaco-menu .action-menu-item').filter({ hasText: label }).last().hover();
    await page.keyboard.press('Enter');
  }
}

// ---- the page of an extension

/** Opens the page of an installed extension, and returns what is on it. */
export async function openExtensionPage(page: Page, name: string): Promise<FrameLocator> {
  const content = page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
  const heading = content.getByRole('heading', { name }).first();
  await runCommand(page, 'Extensions: Show Installed Extensions');
  const item = page.locator('.extension-list-item').getByText(name, { exact: true });
  await item.click();
  // While VS Code fills the list, it loses a click.
  await heading.waitFor({ timeout: PAGE_MS }).catch(() => item.dblclick());
  await heading.waitFor();
  return content;
}

function quickInput(page: Page): Locator {
  return page.locator('.quick-input-widget .quick-input-box input');
}

function quickPickRow(page: Page, label: Text): Locator {
  const name = page.locator('.label-name').filter({ hasText: whole(label) });
  return page.locator('.quick-input-list .monaco-list-row').filter({ has: name });
}

function statusBarEntry(page: Page, text: Text): Locator {
  // Excludes temporary messages of `setStatusBarMessage`.
  return page
    .locator('.statusbar-item:not([id*="extensionMessage"])')
    .filter({ hasText: whole(text) });
}

function notification(page: Page, message: Text): Locator {
  const text = page.locator('.notification-list-item-message').filter({ hasText: whole(message) });
  return page.locator('.notification-toast').filter({ has: text });
}

/** Its text once it is visible: a closed quick input, for example, keeps its last title while hidden. */
async function seenText(locator: Locator): Promise<string> {
  await locator.waitFor();
  return await locator.innerText();
}

async function textOf(locator: Locator): Promise<string> {
  return (await locator.allInnerTexts()).join('').trim();
}

function whole(text: Text): RegExp {
  if (typeof text !== 'string') return text;
  return new RegExp(`^\\s*${escaped(text)}\\s*$`);
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}
