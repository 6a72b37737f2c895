// `npm run pictures`: takes every picture of the README, of docs and of the walkthrough anew, from the real user
// interface: a VS Code in a browser, and stand-ins for the Looker instances of a company. It finds its way by names of
// people and hosts, so that it goes on when other words change.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Page } from 'playwright-core';
import sharp from 'sharp';

import texts from '../package.nls.json';
import { buildExtension, ROOT } from '../test/support/buildExtension';
import {
  pickItem,
  pressEscape,
  runCommand,
  screenshot,
  statusBarItem,
  waitUntilQuickInputCloses,
} from '../test/support/workbench';
import { Film } from './pictures/film';
import { PRIVATE, PRODUCTION, Stage, STAGING, type Theme, THEMES } from './pictures/stage';
import { still } from './pictures/still';

const MEDIA = path.join(ROOT, 'media');

/** Of the window, in the film and in the other pictures, which show parts of it. */
const FILM = { width: 960, height: 600 };
const STILLS = { width: 960, height: 1000 };

const PALETTE = { palette: true, colours: 64, effort: 10, compressionLevel: 9, dither: 0 };
const LOSSLESS = { lossless: true, effort: 6 };

const ADA = 'ada@acme.com';
const DASHBOARDS = 'Looker Dashboards: Sign In';

/** The title of one of our commands, as the palette has it. */
function title(command: string): string {
  return `Looker: ${texts[`command.${command}.title` as keyof typeof texts]}`;
}

async function main(): Promise<void> {
  await buildExtension();
  const stage = await Stage.start();
  try {
    await new Pictures(stage).takeAll();
  } catch (error) {
    await screenshot(stage.page, 'failed-pictures');
    throw error;
  } finally {
    await stage.stop();
  }
}

class Pictures {
  private readonly page;

  constructor(private readonly stage: Stage) {
    this.page = stage.page;
  }

  /** In an order in which each begins where the one before has ended. */
  async takeAll(): Promise<void> {
    await this.stage.resize(STILLS);
    await statusBarItem(this.page, /Looker/);
    await this.howToLogIn();
    await this.stage.resize(FILM);
    await this.film();
    await this.stage.resize(STILLS);
    await this.actAsUser();
    await this.consent();
    await this.accounts();
    await this.checkConnection();
    await this.certificate();
  }

  private async howToLogIn(): Promise<void> {
    const { page } = this;
    await this.toggleSideBar();
    await this.startLogIn(PRODUCTION);
    await this.titled(new RegExp(PRODUCTION));
    await this.row(/browser/i).waitFor();
    await this.take('log-in', this.quickInput(), { inWalkthrough: true });
    await pressEscape(page);
    await waitUntilQuickInputCloses(page);
    await this.toggleSideBar();
  }

  private async film(): Promise<void> {
    const { page } = this;
    await page.locator('.part.sidebar .monaco-list-row', { hasText: 'orders' }).dblclick();
    await page.locator('.view-line', { hasText: 'sql_table_name' }).waitFor();
    await runCommand(page, 'Looker Dashboards: Focus on Looker Dashboards View');
    const film = new Film(page);

    await film.say('Log in to Looker once, with your browser');
    await film.show(1500);
    await film.click(page.locator('[id*="lookerAuth.account"] a'));
    await page.locator('.quick-input-box input').waitFor();
    await film.type(PRODUCTION);
    await film.show(600);
    await page.keyboard.press('Enter');
    await this.titled(new RegExp(PRODUCTION));
    await this.row(/browser/i).waitFor();
    await film.show(1200);
    await film.click(this.row(/browser/i));
    await this.logInAtLooker(() => film.show(1500));
    await statusBarItem(page, /Ada Lovelace/);
    await film.show(2000);

    await film.say('Extensions ask for your session, not for an API key');
    await film.show(1200);
    await film.click(page.locator('.part.sidebar .monaco-button', { hasText: 'Sign In' }));
    await this.dialog().waitFor();
    await film.show(1500);
    await film.click(this.dialog().getByRole('button', { name: 'Allow' }));
    await this.row(/Ada Lovelace/).waitFor();
    await film.click(this.row(/Ada Lovelace/));
    await this.listed('Payroll').waitFor();
    await film.show(2000);
    await this.allowAsAlan();

    await film.say('Act as another user');
    await film.show(1000);
    await page.keyboard.press('F1');
    await this.row(/./).first().waitFor();
    await film.type(
      title('loginAsUser')
        .replace(/[…(].*$/, '')
        .trim(),
    );
    await this.row(new RegExp(texts['command.loginAsUser.title'].slice(0, 14))).waitFor();
    await film.show(700);
    await page.keyboard.press('Enter');
    await this.row(/Katherine/).waitFor();
    await film.show(700);
    await film.type('turing');
    await this.row(/Katherine/).waitFor({ state: 'detached' });
    await this.row(/Alan Turing/).waitFor();
    await film.show(500);
    await film.click(this.row(/Alan Turing/));
    await this.dialog().waitFor();
    await film.show(1500);
    await film.click(this.dialog().locator('.monaco-button:not(.secondary)').first());
    await statusBarItem(page, /Alan Turing/);
    await this.listed('Payroll').waitFor({ state: 'detached' });
    await this.listed('Customer Churn').waitFor();
    await film.say('Your extensions act as them, too');
    await film.show(2000);
    await this.quiet();
    await film.show(3000);
    await film.write(path.join(MEDIA, 'looker-auth.gif'));
  }

  private async actAsUser(): Promise<void> {
    const { page } = this;
    await this.toggleSideBar();
    await runCommand(page, 'View: Close All Editors');
    await runCommand(page, title('loginAsUser'));
    await this.row(/Katherine/).waitFor();
    await this.take('act-as-user', this.quickInput(), { inWalkthrough: true });
    await pressEscape(page);
  }

  /** For an account that no extension has had yet. */
  private async consent(): Promise<void> {
    const { page } = this;
    await this.logIn(STAGING);
    await runCommand(page, DASHBOARDS);
    await this.dialog().waitFor();
    await this.take('consent', this.dialog(), { inWalkthrough: true });
    await pressEscape(page);
  }

  private async accounts(): Promise<void> {
    const { page } = this;
    await this.stage.set({
      'lookerAuth.instances': [
        { url: `https://${PRODUCTION}`, name: 'Production' },
        { url: `https://${STAGING}`, name: 'Staging' },
      ],
    });
    await statusBarItem(page, /Ada Lovelace.*Staging/);
    await runCommand(page, title('showAccounts'));
    await this.row(/Alan Turing/).waitFor();
    await this.take('accounts', this.quickInput(), { inWalkthrough: true });
    await pressEscape(page);
  }

  private async actAsAlan(): Promise<void> {
    await runCommand(this.page, title('loginAsUser'));
    await pickItem(this.page, /Alan Turing/);
    await this.dialog().waitFor();
    await this.page.keyboard.press('Enter');
    await statusBarItem(this.page, /Alan Turing/);
  }

  private async checkConnection(): Promise<void> {
    const { page } = this;
    await runCommand(page, title('checkConnection'));
    await this.row(new RegExp(`Production|${PRODUCTION}`)).click();
    await page.locator('.quick-input-list .monaco-list-row').nth(8).waitFor();
    await this.quiet();
    await this.take('check-connection', this.quickInput());
    await pressEscape(page);
  }

  private async certificate(): Promise<void> {
    await this.startLogIn(PRIVATE);
    await this.dialog().waitFor();
    await this.take('certificate', this.dialog());
    await pressEscape(this.page);
  }

  /** Writes media/NAME.png, in the dark, and what the walkthrough shows in each theme. */
  private async take(
    name: string,
    target: ReturnType<Page['locator']>,
    { inWalkthrough = false } = {},
  ): Promise<void> {
    await this.quiet();
    const picture = async () => {
      const seen = await still(this.page, target);
      return await sharp(seen).png(PALETTE).toBuffer();
    };
    await writeFile(path.join(MEDIA, `${name}.png`), await picture());
    if (!inWalkthrough) return;
    for (const theme of Object.keys(THEMES) as Theme[]) {
      await this.stage.setTheme(theme);
      const file = path.join(MEDIA, 'walkthrough', `${name}-${theme}.webp`);
      await sharp(await picture())
        .webp(LOSSLESS)
        .toFile(file);
    }
    await this.stage.setTheme('dark');
  }

  /** Resolves once nothing shows that goes away by itself. */
  private async quiet(): Promise<void> {
    const passing = '.statusbar-item[id*="extensionMessage"], .notification-toast';
    while (await this.page.locator(passing).first().isVisible())
      await this.page.waitForTimeout(100);
  }

  private async toggleSideBar(): Promise<void> {
    await runCommand(this.page, 'View: Toggle Primary Side Bar Visibility');
  }

  /** As far as the question how to log in, or one about the instance. */
  private async startLogIn(host: string): Promise<void> {
    const { page } = this;
    await runCommand(page, title('login'));
    await this.titled(/Looker/);
    await page.locator('.quick-input-box input').fill(host);
    await page.keyboard.press('Enter');
  }

  private async logIn(host: string): Promise<void> {
    await this.startLogIn(host);
    await this.titled(new RegExp(host));
    await this.row(/browser/i).click();
    await this.logInAtLooker();
    await statusBarItem(this.page, new RegExp(host));
  }

  /** The browser's part of a login. @param meanwhile while VS Code waits for it */
  private async logInAtLooker(meanwhile = () => Promise.resolve()): Promise<void> {
    await this.dialog().waitFor(); // VS Code asks whether to open the website
    const opening = this.page.context().waitForEvent('page');
    await this.page.keyboard.press('Enter');
    const looker = await opening;
    await this.dialog().waitFor({ state: 'detached' });
    await meanwhile();
    await looker.fill('input[name=email]', ADA);
    await looker.fill('input[name=password]', 'secret');
    await looker.click('button');
    await looker.click('button[value=allow]');
    await looker.waitForLoadState();
    await looker
      .goto(looker.url().replace(/^.*\/proxy\/(\d+)/, 'http://127.0.0.1:$1'))
      .catch(() => undefined);
    await waitUntilQuickInputCloses(this.page);
    await looker.close();
    await this.page.bringToFront();
  }

  /** Off the screen: the extension may use Alan's account, too. VS Code asks for each account. */
  private async allowAsAlan(): Promise<void> {
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

  /** Resolves once a prompt of this title is open; the palette has none. */
  private async titled(text: RegExp): Promise<void> {
    await this.page.locator('.quick-input-title', { hasText: text }).waitFor();
  }

  private quickInput() {
    return this.page.locator('.quick-input-widget');
  }

  private dialog() {
    return this.page.locator('.monaco-dialog-box');
  }

  private row(text: RegExp) {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  private listed(dashboard: string) {
    return this.page.locator('.part.sidebar .monaco-list-row', { hasText: dashboard });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
