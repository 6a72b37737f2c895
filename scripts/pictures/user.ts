import type { Locator, Page } from 'playwright-core';

import texts from '../../package.nls.json';
import {
  pickItem,
  runCommand,
  statusBarItem,
  submit,
  waitUntilQuickInputCloses,
} from '../../test/support/workbench';
import type { Stage } from './stage';

const ADA = 'ada@acme.com';
export const DASHBOARDS = 'Looker Dashboards: Sign In';

/** The title of one of our commands in the palette. */
export function title(command: string): string {
  return `Looker: ${texts[`command.${command}.title` as keyof typeof texts]}`;
}

/** Ada, the user in the pictures: what she does, and what she sees. */
export class User {
  readonly page;

  constructor(readonly stage: Stage) {
    this.page = stage.page;
  }

  /** Resolves once nothing temporary is shown anymore. */
  async quiet(): Promise<void> {
    const passing = '.statusbar-item[id*="extensionMessage"], .notification-toast';
    while (await this.page.locator(passing).first().isVisible())
      await this.page.waitForTimeout(100);
  }

  async toggleSideBar(): Promise<void> {
    await runCommand(this.page, 'View: Toggle Primary Side Bar Visibility');
  }

  /** Starts a login, until it asks how to log in or about the instance. */
  async startLogIn(host: string): Promise<void> {
    const { page } = this;
    await runCommand(page, title('login'));
    await this.titled(/Looker/);
    await page.locator('.quick-input-box input').fill(host);
    await page.keyboard.press('Enter');
  }

  async logIn(host: string): Promise<void> {
    await this.chooseBrowser(host);
    await this.logInAtLooker();
    await statusBarItem(this.page, new RegExp(host));
  }

  /** Starts a browser login, until VS Code asks whether to open the website. */
  async chooseBrowser(host: string): Promise<void> {
    await this.startLogIn(host);
    await this.titled(new RegExp(host));
    // The list may still show the previous prompt, which contains "browser", too.
    await this.row(new RegExp(`${host}.*browser`)).waitFor();
    await this.pressEnterForDialog('browser');
  }

  /** Types into a list, presses Enter, and waits for a dialog. */
  async pressEnterForDialog(typed = ''): Promise<void> {
    // On a slow machine, a list that has just opened may lose typed text.
    for (const dialog = this.dialog(); !(await dialog.isVisible());) {
      await submit(this.page, typed);
      await dialog.waitFor({ timeout: 5000 }).catch(() => undefined);
    }
  }

  /** The browser's part of a login. @param meanwhile while VS Code waits for it */
  async logInAtLooker(meanwhile = () => Promise.resolve()): Promise<void> {
    const looker = await this.openLooker();
    await meanwhile();
    await looker.fill('input[name=email]', ADA);
    await looker.fill('input[name=password]', 'secret');
    await looker.click('button');
    await looker.click('button[value=allow]');
    await this.comeBack(looker);
    await looker.close();
    await this.page.bringToFront();
  }

  /** The same when she is logged in to Looker and has consented. @returns the last page in the browser */
  async logInAgainAtLooker(): Promise<Page> {
    const looker = await this.openLooker();
    await this.comeBack(looker);
    return looker;
  }

  private async openLooker(): Promise<Page> {
    await this.dialog().waitFor(); // VS Code asks whether to open the website
    const opening = this.page.context().waitForEvent('page');
    await this.page.keyboard.press('Enter');
    const looker = await opening;
    await this.dialog().waitFor({ state: 'detached' });
    return looker;
  }

  private async comeBack(looker: Page): Promise<void> {
    await looker.waitForLoadState();
    const address = looker.url().replace(/^.*\/proxy\/(\d+)/, 'http://127.0.0.1:$1');
    if (address !== looker.url()) await looker.goto(address).catch(() => undefined);
    await waitUntilQuickInputCloses(this.page);
  }

  async actAsAlan(): Promise<void> {
    await runCommand(this.page, title('loginAsUser'));
    await pickItem(this.page, /Alan Turing/);
    await this.dialog().waitFor();
    await this.page.keyboard.press('Enter');
    await statusBarItem(this.page, /Alan Turing/);
  }

  /** Not shown: lets the extension use Alan's account, too, since VS Code asks for each account. */
  async allowAsAlan(): Promise<void> {
    const { page } = this;
    await this.actAsAlan();
    await runCommand(page, DASHBOARDS);
    await this.dialog().waitFor();
    await page.keyboard.press('Enter');
    await this.row(/^Alan Turing/).click();
    await this.listed('Payroll').waitFor({ state: 'detached' });
    await runCommand(page, title('stopActingAs'));
    await this.listed('Payroll').waitFor();
    await statusBarItem(page, /Ada Lovelace/);
    await this.quiet();
  }

  /** Resolves once a prompt with this title is open; the palette has no title. */
  async titled(text: RegExp): Promise<void> {
    await this.page.locator('.quick-input-title', { hasText: text }).waitFor();
  }

  quickInput(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  row(text: RegExp): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  listed(dashboard: string): Locator {
    return this.page.locator('.part.sidebar .monaco-list-row', { hasText: dashboard });
  }
}
