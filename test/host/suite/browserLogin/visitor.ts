import * as vscode from 'vscode';
import type { StandInLooker } from '../../../standIn/standInLooker';
import { WebBrowser } from '../../../support/webBrowser';

/** What the user does on Looker's pages. @returns where the browser is sent in the end */
export type Visit = (browser: WebBrowser, address: string) => Promise<string>;

/** Logs in there, and agrees to what is asked. */
export function comeAs(email: string): Visit {
  return (browser, address) => browser.letIn(address, email);
}

/** Logs in there, and answers what is asked with this. */
export function decide(email: string, decision: 'allow' | 'deny'): Visit {
  return async (browser, address) => {
    await browser.open(address);
    await browser.submit({ email, password: 'secret' });
    return (await browser.submit({ decision })).address;
  };
}

/** Takes the place of the user's own browser: what VS Code opens is visited as the test says. */
export class Visitor implements vscode.Disposable {
  /** Addresses that were opened. */
  readonly opened: string[] = [];
  /** Where the browser ended each time. */
  readonly ended: string[] = [];
  /** What the redirect page showed; a text of its own where nothing answered. */
  readonly pages: string[] = [];
  private readonly restore: () => void;
  private readonly visits: Promise<void>[] = [];

  /** @param visit what is done from now on */
  constructor(
    private readonly looker: StandInLooker,
    public visit: Visit,
  ) {
    const { openExternal } = vscode.env;
    this.restore = () => {
      Object.assign(vscode.env, { openExternal });
    };
    Object.assign(vscode.env, {
      openExternal: (uri: vscode.Uri) => {
        this.visits.push(this.go(uri.toString(true)));
        return Promise.resolve(true);
      },
    });
  }

  /** Resolves once the browser stands still. */
  async rest(): Promise<void> {
    await Promise.all(this.visits);
  }

  dispose(): void {
    this.restore();
  }

  private async go(address: string): Promise<void> {
    this.opened.push(address);
    const ended = await this.visit(new WebBrowser(this.looker.baseUrl), address);
    this.ended.push(ended);
    if (ended.startsWith(this.looker.baseUrl)) return;
    this.pages.push(
      await fetch(ended).then(
        (page) => page.text(),
        () => 'nobody answers',
      ),
    );
  }
}
