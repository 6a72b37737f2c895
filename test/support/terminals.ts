import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Home } from './home';
import { until } from './until';
import { answerDialog, dialogText, pickItem, runCommand, waitForQuickInput } from './workbench';

/** What a terminal's programs find in their environment. */
export interface TerminalValues {
  readonly url: string;
  readonly token: string;
  readonly secret: string;
}

/** What a command has printed, and its exit code. */
export interface Output {
  readonly printed: string;
  readonly code: number;
}

/** The terminals of a window, as its user opens and uses them. */
export class Terminals {
  /** All terminals opened so far. */
  readonly opened: TerminalValues[] = [];
  private runs = 0;

  constructor(
    private readonly page: Page,
    private readonly home: Home,
  ) {}

  /**
   * Opens a terminal as an account, and agrees in the dialog.
   * @param who the account to pick, if there is a list
   * @param asked runs while the dialog is open
   */
  async open(who?: RegExp, asked?: () => Promise<void>): Promise<void> {
    await runCommand(this.page, 'Looker: Open Terminal as…');
    if (who) {
      await waitForQuickInput(this.page, 'Open Terminal');
      await pickItem(this.page, who);
    }
    await this.agree(asked);
  }

  /** Agrees in the dialog about opening a terminal. */
  async agree(asked: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    await dialogText(this.page);
    await asked();
    await answerDialog(this.page, 'Open Terminal');
    await this.readNew();
  }

  /** Opens another one as the only account, which has been agreed to in this window. */
  async openAnother(): Promise<void> {
    await runCommand(this.page, 'Looker: Open Terminal as…');
    await this.readNew();
  }

  /** Runs a command in the terminal in focus. */
  async run(command: string): Promise<Output> {
    const ended = await this.startAll([command]);
    return (await ended())[0] ?? { printed: '', code: NaN };
  }

  /** Starts several commands there at the same time. Returns a function that waits until all have ended. */
  async startAll(commands: readonly string[]): Promise<() => Promise<readonly Output[]>> {
    const names = commands.map(() => `out${(this.runs += 1)}`);
    const lines = commands.map((command, i) => {
      const name = names[i] ?? '';
      return `{ (${command}) > ../${name} 2>&1; echo $? > ../${name}.code; }`;
    });
    await this.type(lines.length === 1 ? (lines[0] ?? '') : `${lines.join(' & ')} & wait`);
    return async () => {
      await until(() => names.every((name) => this.read(`${name}.code`).endsWith('\n')));
      return names.map((name) => ({
        printed: this.read(name),
        code: Number(this.read(`${name}.code`)),
      }));
    };
  }

  private async readNew(): Promise<void> {
    await this.page.locator('.terminal-wrapper.active .xterm-screen').waitFor();
    this.opened.push(await this.newValues());
  }

  /** The values of the last terminal. Types the command again if its shell wasn't ready for it. */
  private async newValues(): Promise<TerminalValues> {
    const names = ['LOOKERSDK_BASE_URL', 'LOOKER_ACCESS_TOKEN', 'LOOKERSDK_CLIENT_SECRET'];
    for (;;) {
      await this.type(`printenv ${names.join(' ')} > ../values`);
      for (let looks = 0; looks < 40; looks++) {
        const [url = '', token = '', secret = '', end] = this.read('values').split('\n');
        const isNew = this.opened.every((one) => one.token !== token);
        if (end === '' && isNew) {
          await this.run('rm ../values');
          return { url, token, secret };
        }
        await this.page.waitForTimeout(50);
      }
    }
  }

  /** Types again if VS Code has moved the focus meanwhile, as it does once a dialog has closed. */
  private async type(line: string): Promise<void> {
    const { keyboard } = this.page;
    const input = this.page.locator('.terminal-wrapper.active .xterm-helper-textarea');
    await input.focus();
    await keyboard.type(line);
    while ((await input.and(this.page.locator(':focus')).count()) === 0) {
      await input.focus();
      await keyboard.press('Control+U'); // deletes the line in a shell
      await keyboard.type(line);
    }
    await keyboard.press('Enter');
  }

  private read(name: string): string {
    const file = path.join(this.home.folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }
}

/** Whether nothing listens any longer at the URL that a terminal had for Looker. */
export async function isClosed(url: string | undefined): Promise<boolean> {
  return fetch(`${String(url)}/versions`).then(
    () => false,
    () => true,
  );
}
