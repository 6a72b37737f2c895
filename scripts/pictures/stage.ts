import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Page } from 'playwright-core';

import { OWN_CLIENT } from '../../src/looker/oauth/client';
import {
  type NewPerson,
  type StandInOptions,
  StandInLooker,
} from '../../test/standIn/standInLooker';
import { ROOT } from '../../test/support/buildExtension';
import { authority, serverCertificate } from '../../test/support/certificates';
import { Machine } from '../../test/support/machine';
import { waitForWorkbench } from '../../test/support/workbench';
import { CompanyNetwork } from './companyNetwork';
import { fontFaces } from './fonts';

/** Hosts of a company. The last one's certificate isn't from a public CA. */
export const PRODUCTION = 'acme.cloud.looker.com';
export const STAGING = 'acme-staging.cloud.looker.com';
export const PRIVATE = 'looker.acme.dev:19999';

const PEOPLE: readonly NewPerson[] = [
  { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@acme.com', roles: ['admin'] },
  { firstName: 'Alan', lastName: 'Turing', email: 'alan@acme.com' },
  { firstName: 'Grace', lastName: 'Hopper', email: 'grace@acme.com', roles: ['developer'] },
  { firstName: 'Katherine', lastName: 'Johnson', email: 'katherine@acme.com' },
  { firstName: 'Margaret', lastName: 'Hamilton', email: 'margaret@acme.com' },
];

/** Long, so that the machine may be busy with other things. */
const TIMEOUT_MS = 120_000;

/** VS Code's themes, by their names in the walkthrough, with the media features that select them. */
export const THEMES = {
  dark: { colorScheme: 'dark', forcedColors: 'none', shows: 'vs-dark' },
  light: { colorScheme: 'light', forcedColors: 'none', shows: 'vs' },
  hc: { colorScheme: 'dark', forcedColors: 'active', shows: 'hc-black' },
  hcLight: { colorScheme: 'light', forcedColors: 'active', shows: 'hc-light' },
} as const;
export type Theme = keyof typeof THEMES;

/** dashboards/extension.js redirects it to this machine. */
const PROXY = 'proxy.acme.com';

const SETTINGS = {
  'window.autoDetectColorScheme': true,
  'window.autoDetectHighContrast': true,
  'workbench.preferredDarkColorTheme': 'Dark Modern',
  'workbench.preferredLightColorTheme': 'Light Modern',
  'workbench.activityBar.location': 'hidden',
  'workbench.layoutControl.enabled': false,
  'workbench.editor.editorActionsLocation': 'hidden',
  'window.commandCenter': false,
  'window.menuBarVisibility': 'hidden',
  'breadcrumbs.enabled': false,
  'editor.fontFamily': 'JetBrains Mono',
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.hideCursorInOverviewRuler': true,
  'editor.overviewRulerBorder': false,
  // The nearest language that VS Code knows.
  'files.associations': { '*.lkml': 'scss' },
  'scss.validate': false,
};

/** Hides or moves what a company's window wouldn't show. */
const STYLE = `
  * { forced-color-adjust: none !important; }
  .monaco-workbench, .monaco-workbench .part, .monaco-dialog-box, .context-view, .monaco-hover, #mouse, #caption {
    font-family: Inter, sans-serif !important;
  }
  .editor-group-watermark, .part.titlebar, .notifications-toasts.hidden, .workbench-hover-container,
  .statusbar-item:not([id*="looker-auth"]):not([id*="extensionMessage"]) { display: none !important; }
  .statusbar-item :focus, .statusbar-item:focus, .part.sidebar :focus { outline: none !important; }
  input[placeholder*="127.0.0.1"]::placeholder { color: transparent !important; }
`;

const VIEW = `view: orders {
  sql_table_name: analytics.orders ;;

  dimension: id {
    primary_key: yes
    type: number
    sql: \${TABLE}.id ;;
  }

  dimension_group: created {
    type: time
    timeframes: [date, week, month, year]
    sql: \${TABLE}.created_at ;;
  }

  dimension: region {
    type: string
    sql: \${TABLE}.region ;;
  }

  measure: revenue {
    type: sum
    value_format_name: usd
    sql: \${TABLE}.amount ;;
  }
}
`;

/** Where the pictures are taken: a VS Code in a company with three Looker instances, on a sharp screen. */
export class Stage {
  static async start(): Promise<Stage> {
    const company = await authority('Acme Root CA');
    const lookerAt = async (host: string, options: StandInOptions = {}) => {
      const hosts = [new URL(`https://${host}`).hostname];
      const certificate = await serverCertificate({ hosts, signedBy: company });
      return await StandInLooker.start({ certificate, people: PEOPLE, ...options });
    };
    const [production, staging, internal] = await Promise.all([
      lookerAt(PRODUCTION),
      lookerAt(STAGING),
      lookerAt(PRIVATE, {
        certificate: await serverCertificate({
          hosts: ['looker.acme.dev'],
          signedBy: await authority('Acme Internal CA'),
        }),
      }),
    ]);
    for (const looker of [production, staging]) {
      looker.registerClient(OWN_CLIENT.clientId, OWN_CLIENT.redirectUris);
    }
    const network = await CompanyNetwork.start({
      [`${PRODUCTION}:443`]: portOf(production),
      [`${STAGING}:443`]: portOf(staging),
      [PRIVATE]: portOf(internal),
    });
    const caFile = path.join(ROOT, 'out', 'pictures-ca.pem');
    await writeFile(caFile, company.cert);
    const machine = await Machine.start({
      extensions: [ROOT, path.join(__dirname, 'dashboards')],
      isComplete: true,
      settings: { ...SETTINGS, 'http.proxy': `http://${PROXY}:${network.port}` },
      env: () => ({ NODE_EXTRA_CA_CERTS: caFile }),
      screen: {
        deviceScaleFactor: 2,
        colorScheme: 'dark',
        bypassCSP: true, // allows the fonts
        ignoreHTTPSErrors: true, // Chromium doesn't know the CA
        proxy: { server: `127.0.0.1:${network.port}`, bypass: '127.0.0.1,localhost' },
      },
    });
    await writeFile(path.join(machine.home.workspace, 'orders.view.lkml'), VIEW);
    const page = await machine.openWindow();
    page.setDefaultTimeout(TIMEOUT_MS);
    await dress(page);
    const running = [machine, network, production, staging, internal];
    return new Stage(page, machine, production, staging, internal, running);
  }

  private constructor(
    readonly page: Page,
    private readonly machine: Machine,
    readonly production: StandInLooker,
    readonly staging: StandInLooker,
    readonly internal: StandInLooker,
    private readonly running: readonly { stop(): Promise<void> }[],
  ) {}

  async resize(size: { width: number; height: number }): Promise<void> {
    await this.page.setViewportSize(size);
  }

  /** Changes user settings, and reopens the window. */
  async set(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const file = path.join(this.machine.home.data, 'User', 'settings.json');
    const settings = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...settings, ...changes }, undefined, 2));
    await this.page.reload();
    await dress(this.page);
  }

  /** Resolves once the window shows it. */
  async setTheme(theme: Theme): Promise<void> {
    const { shows, ...media } = THEMES[theme];
    await this.page.emulateMedia(media);
    await this.page.locator(`.monaco-workbench.${shows}`).first().waitFor();
  }

  async stop(): Promise<void> {
    for (const one of this.running) await one.stop();
  }
}

async function dress(page: Page): Promise<void> {
  await waitForWorkbench(page);
  await page.addStyleTag({ content: (await fontFaces()) + STYLE });
}

/** Gives another page of the browser the font of the pictures. */
export async function inOurFont(page: Page): Promise<void> {
  const style = 'body { font-family: Inter, sans-serif !important; }';
  await page.addStyleTag({ content: (await fontFaces()) + style });
  await page.evaluate('document.fonts.ready');
}

function portOf({ baseUrl }: StandInLooker): number {
  return Number(new URL(baseUrl).port);
}
