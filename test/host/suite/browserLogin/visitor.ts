import * as vscode from 'vscode';
import type { StandInLooker } from '../../../standIn/standInLooker';
import { WebBrowser } from '../../../support/webBrowser';

/** Visits Looker's pages as the user. @returns the address of the final redirect */
export type Visit = (browser: WebBrowser, address: string) => Promise<string>;

/** Logs in there, and agrees. */
export function comeAs(email: string): Visit {
  return (browser, address) => browser.letIn(address, email);
}

/** Logs in there, and gives this answer. */
export function decide(email: string, decision: 'allow' | 'deny'): Visit {
  return async (browser, address) => {
    await browser.open(address);
    await browser.submit({ email, password: 'secret' });
    return (await browser.submit({ decision })).address;
  };
}

/** Replaces the user's browser: what VS Code opens is visited as the test says. */
export class Visitor implements vscode.Disposable {
  /** The opened addresses. */
  readonly opened: string[] = [];
  /** The final address of each visit. */
  readonly ended: string[] = [];
  /** The text of the redirect page, or another one if nothing responded. */
  readonly pages: string[] = [];
  private readonly restore: () => void;
  private readonly visits: Promise<void>[] = [];

  /** @param visit how to visit pages from now on */
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

  /** Resolves once no visit is in progress. */
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
