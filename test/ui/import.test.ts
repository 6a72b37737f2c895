import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { browserStorage, filesWith } from '../support/leaks';
import { RESTRICTED_MODE } from '../support/home';
import { Machine } from '../support/machine';
import { until } from '../support/until';
import {
  answerDialog,
  answerNotification,
  dialogText,
  pickItem,
  pressEscape,
  quickPickItems,
  reloadWindow,
  runCommand,
  screenshot,
  screenshots,
  SCREENSHOTS,
  statusBarItem,
  waitForNotification,
  waitForQuickInput,
  waitUntilQuickInputCloses,
} from '../support/workbench';
import { story } from './story';

/** A user of the SDKs opens a project. */
describe('a project with a looker.ini', () => {
  let machine: Machine;
  let looker: StandInLooker;
  let page: Page;
  let host: string;
  let contents: string;

  story(async (start) => {
    looker = await start(StandInLooker);
    host = new URL(looker.baseUrl).host;
    machine = await start(Machine, { extensions: [ROOT] });
    contents = iniOf({
      production: [looker.baseUrl, looker.apiKeyOf('Ada'), 'timeout = 300'],
      staging: [looker.baseUrl, looker.apiKeyOf('Grace Hopper'), 'verify_ssl = no'],
      old: [looker.baseUrl, { clientId: 'retired1', clientSecret: 'wrong-secret' }],
      customer: ['http://looker.example', { clientId: 'abc123', clientSecret: 'wrong-secret' }],
      draft: ['https://acme.cloud.looker.com', { clientId: 'abc123', clientSecret: '' }],
    });
    contents += `\n${iniOf({ copy: [looker.baseUrl, { clientId: 'abc123', clientSecret: 'wrong-secret' }] })}`;
    contents += '\n[copy] ; of the same name\nclient_id = abc123\nclient_secret = wrong-secret\n';
    await writeFile(inWorkspace('looker.ini'), contents);
    await writeFile(inWorkspace('.gitignore'), 'node_modules/');
    execFileSync('git', ['init', '-q', machine.home.workspace]);
    page = await machine.openWindow();
    return page;
  });

  const inWorkspace = (name: string) => path.join(machine.home.workspace, name);

  it('gets one offer to import it, with a warning about keys in files', async () => {
    await waitForNotification(page, /looker\.ini file, which any program you run can read/);
    await statusBarItem(page, /Looker: log in/);
    await screenshots(page, '60-import-offered');
    await answerNotification(page, /looker\.ini file/, 'Import…');
  });

  it('shows its contents before it is used, and never a secret', async () => {
    await waitForQuickInput(page, 'Import from looker.ini');
    const [prod, staging, , customer, draft, copy] = await quickPickItems(page);
    assert.equal(
      prod?.description,
      `${host}, client ID ${looker.apiKeyOf('Ada').clientId.slice(0, 4)}…`,
    );
    assert.equal(prod.detail, 'timeout is ignored: 30 seconds instead of 300 seconds');
    assert.match(staging?.detail ?? '', /certificates are always verified/);
    assert.match(customer?.detail ?? '', /plain HTTP/);
    assert.equal(draft?.detail, "The section doesn't set client_secret.");
    assert.match(copy?.detail ?? '', /Two sections have this name, on lines \d+ and \d+/);
    await screenshots(page, '61-import-preview');
    assert.deepEqual(looker.requests, []);
  });

  it("doesn't let sections be checked that can't be imported, and says why", async () => {
    const boxes = page.locator('.quick-input-list .monaco-list-row');
    await boxes.filter({ hasText: 'draft' }).click();
    await page.waitForTimeout(1000); // VS Code asks back whether it may be ticked
    assert.match(await page.locator('.quick-input-count').innerText(), /4 Selected/);
    await waitForNotification(
      page,
      "Looker Auth can't import draft. The section doesn't set client_secret.",
    );
    await screenshots(page, '61-import-why-not');
  });

  it('asks in a dialog that says where each key goes', async () => {
    await page.locator('.quick-input-box input').focus();
    await page.keyboard.press('Enter');
    const text = await dialogText(page);
    assert.match(text, /Log in to Looker with these API keys\?/);
    for (const line of [
      `${host}: client ID ${looker.apiKeyOf('Ada').clientId.slice(0, 4)}… (production)`,
      'looker.example: client ID abc1… (customer)',
    ]) {
      assert.ok(text.includes(line), text);
    }
    await screenshots(page, '61-import-dialog');
    assert.deepEqual(looker.requests, []);
  });

  it('logs in with each section, and shows the results', async () => {
    looker.fault({ path: '/login', times: 1, kind: { is: 'slow', ms: 1500 } });
    await answerDialog(page, 'Log In');
    await waitForNotification(page, /Logging in/);
    await screenshots(page, '62-import-progress');
    await waitForQuickInput(page, 'Import from looker.ini');
    const lines = await quickPickItems(page);
    assert.deepEqual(
      lines.map(({ detail }) => detail.replace(/\(.*/, '').slice(0, 50)),
      [
        'Logged in as Ada Lovelace',
        'Logged in as Grace Hopper',
        `${host} rejected this API key.`,
        'looker.example uses plain HTTP, so others on the network'.slice(0, 50),
      ],
    );
    await screenshots(page, '63-import-outcome');
    await pickItem(page, /old/);
    await waitForNotification(page, /rejected this API key.*Check the client ID and client secret/);
    await pickItem(page, /customer/);
    await waitForNotification(page, /plain HTTP.*for this instance/);
    await pickItem(page, /staging/);
    await waitUntilQuickInputCloses(page);
    await statusBarItem(page, /Ada Lovelace/);
    assert.equal(await readFile(inWorkspace('looker.ini'), 'utf8'), contents);
  });

  it('warns that git would add the file, and makes git ignore it', async () => {
    await waitForNotification(page, /Git doesn't ignore looker\.ini/);
    await screenshots(page, '64-import-not-ignored');
    await answerNotification(page, /Git doesn't ignore/, 'Add to .gitignore');
    await until(() => readFileSync(inWorkspace('.gitignore'), 'utf8').includes('looker'));
    assert.equal(await readFile(inWorkspace('.gitignore'), 'utf8'), 'node_modules/\n/looker.ini\n');
  });

  it('gets no further offers', async () => {
    await reloadWindow(page);
    await statusBarItem(page, /Ada Lovelace/);
    await page.waitForTimeout(1500);
    assert.equal(await page.locator('.notification-toast').count(), 0);
  });

  it('can be imported later, from any place', async () => {
    await runCommand(page, 'Looker: Import from looker.ini…');
    await waitForQuickInput(page, 'Import from looker.ini (1/2)');
    await screenshots(page, '65-import-where');
    await pickItem(page, /looker\.ini/);
    await waitForQuickInput(page, 'Import from looker.ini (2/2)');
    await pressEscape(page);
    await waitUntilQuickInputCloses(page);
  });

  const SEEN =
    'printenv LOOKER_AUTH_INSTANCE; curl -s -H "Authorization: token $LOOKER_ACCESS_TOKEN" "$LOOKER_BASE_URL/api/4.0/user"';
  const seen = (name: string) => {
    const file = path.join(machine.home.folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const typeInTerminal = async (command: string) => {
    await page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
    await page.keyboard.type(`${command}\n`);
  };

  it('opens a terminal as an account, after saying what that means', async () => {
    await runCommand(page, 'Looker: Open Terminal as…');
    await waitForQuickInput(page, 'Open Terminal');
    await pickItem(page, /Grace Hopper/);
    assert.match(await dialogText(page), /Programs in this terminal[^]*stop working/);
    await screenshots(page, '66-terminal-asks');
    await answerDialog(page, 'Open Terminal');
    await page.locator('.terminal-wrapper.active .xterm-screen').waitFor();
    await typeInTerminal(`(${SEEN}) > ../seen; echo done > ../done`);
    await until(() => seen('done') === 'done\n');
    const [instance, me = ''] = (seen('seen') ?? '').split('\n');
    assert.equal(instance, looker.baseUrl);
    assert.equal((JSON.parse(me) as { id: string }).id, '2');
    await screenshots(page, '67-terminal');
  });
  it("doesn't affect any other terminal", async () => {
    await runCommand(page, 'Terminal: Create New Terminal');
    await page.locator('.terminal-tabs-entry').nth(1).waitFor();
    await page.waitForTimeout(1000);
    await typeInTerminal(
      'printenv | grep -e LOOKERSDK_ -e LOOKER_ACCESS > ../other; echo done > ../done2',
    );
    await until(() => seen('done2') === 'done\n');
    assert.equal(seen('other'), '');
    await page.waitForTimeout(500);
    await screenshot(page, '68-other-terminal');
  });

  it('has no such terminal after a reload, and no secrets or tokens anywhere', async () => {
    await reloadWindow(page);
    await statusBarItem(page, /Ada Lovelace/);
    await page.waitForTimeout(1000);
    await screenshot(page, '69-reloaded');
    assert.doesNotMatch(await page.locator('body').innerText(), /Looker: Grace/);
    await rm(inWorkspace('looker.ini'));
    const keys = looker.people.flatMap(({ apiKey }) => apiKey?.clientSecret ?? []);
    const tokens = looker.requests.flatMap(({ token }) => token ?? []);
    const secrets = [...new Set([...keys, ...tokens, 'wrong-secret'])];
    assert.ok(secrets.length >= 6);
    assert.deepEqual(await filesWith(machine.home.folder, secrets), []);
    assert.deepEqual(await filesWith(SCREENSHOTS, secrets), []);
    const texts = [machine.log, await browserStorage(page)];
    assert.deepEqual(
      secrets.filter((secret) => texts.some((text) => text.includes(secret))),
      [],
    );
  });
});

/** A project from elsewhere that the user hasn't trusted yet. */
describe('a looker.ini in Restricted Mode', () => {
  let looker: StandInLooker;
  let page: Page;

  story(async (start) => {
    looker = await start(StandInLooker);
    const machine = await start(Machine, { extensions: [ROOT], settings: RESTRICTED_MODE });
    const { workspace } = machine.home;
    const contents = iniOf({ Looker: [looker.baseUrl, looker.apiKeyOf('Ada')] });
    await writeFile(path.join(workspace, 'looker.ini'), contents);
    execFileSync('git', ['init', '-q', workspace]);
    page = await machine.openWindow();
    return page;
  });

  it("isn't offered for import", async () => {
    await statusBarItem(page, /Looker: log in/);
    await page.waitForTimeout(1500);
    assert.equal(await page.locator('.notification-toast').count(), 0);
  });

  it("can be imported by command, without a warning about git, which isn't run there", async () => {
    await runCommand(page, 'Looker: Import from looker.ini…');
    await waitForQuickInput(page, 'Import from looker.ini (1/2)');
    await pickItem(page, /looker\.ini/);
    await waitForQuickInput(page, 'Import from looker.ini (2/2)');
    await quickPickItems(page);
    await page.keyboard.press('Enter');
    await answerDialog(page, 'Log In');
    await waitForQuickInput(page, 'Import from looker.ini');
    await pickItem(page, /Looker/);
    await statusBarItem(page, /Ada Lovelace/);
    await page.waitForTimeout(1500);
    assert.equal(await page.locator('.notification-toast').count(), 0);
    await screenshot(page, '70-import-restricted');
  });

  it("isn't offered once it was imported by command and the workspace is trusted", async () => {
    await runCommand(page, 'Workspaces: Manage Workspace Trust');
    await page.getByRole('button', { name: 'Trust', exact: true }).click();
    await page.getByText('Restricted Mode').first().waitFor({ state: 'hidden' });
    await page.waitForTimeout(1500);
    assert.doesNotMatch(await page.locator('body').innerText(), /This workspace has a looker\.ini/);
    await screenshot(page, '71-import-not-offered');
  });
});

/** Other places of keys: variables, subfolders, and settings. */
describe('API keys in other places', () => {
  let looker: StandInLooker;
  let page: Page;
  let machine: Machine;

  story(async (start) => {
    looker = await start(StandInLooker);
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    machine = await start(Machine, {
      extensions: [ROOT],
      settings: {
        'looker.instanceURL': looker.baseUrl,
        'looker.clientId': clientId,
        'looker.clientSecret': clientSecret,
      },
      env: () => ({
        LOOKERSDK_BASE_URL: `"https://acme.cloud.looker.com" `,
        LOOKERSDK_CLIENT_ID: 'abc123',
        LOOKERSDK_CLIENT_SECRET: 'wrong-secret',
      }),
    });
    const { workspace } = machine.home;
    await mkdir(path.join(workspace, '.vscode'));
    await writeFile(
      path.join(workspace, '.vscode', 'settings.json'),
      JSON.stringify({
        'looker.instanceURL': 'https://looker.example',
        'looker.clientId': 'workspace',
      }),
    );
    const { clientId: id, clientSecret: secret } = looker.apiKeyOf('Grace Hopper');
    await mkdir(path.join(workspace, 'config'));
    await writeFile(
      path.join(workspace, 'config', 'looker.ini'),
      Buffer.from(
        `\ufeff[eu]\r\nbase_url: ${looker.baseUrl}\r\nclient_id: ${id}\r\nclient_secret: ${secret}\r\n`,
        'utf16le',
      ),
    );
    await writeFile(
      path.join(workspace, '.env'),
      `LOOKERSDK_BASE_URL=${looker.baseUrl}\nLOOKERSDK_CLIENT_ID=${id}\nLOOKERSDK_CLIENT_SECRET=${secret}\n`,
    );
    page = await machine.openWindow();
    return page;
  });

  const chooseSource = async (source: RegExp) => {
    await runCommand(page, 'Looker: Import from looker.ini…');
    await waitForQuickInput(page, 'Import from looker.ini (1/2)');
    // Labels may repeat; the description tells them apart.
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: source }).click();
    await waitForQuickInput(page, 'Import from looker.ini (2/2)');
    return quickPickItems(page);
  };

  it('are found, with their places', async () => {
    await waitForNotification(page, /This workspace has a looker\.ini/);
    await page.keyboard.press('Escape');
    await runCommand(page, 'Looker: Import from looker.ini…');
    await waitForQuickInput(page, 'Import from looker.ini (1/2)');
    const sources = await quickPickItems(page);
    assert.deepEqual(
      sources.map(({ description }) => description),
      [
        'in this workspace',
        'in this workspace',
        'in the environment that VS Code was started with',
        'in your user settings',
        'in the settings of this workspace',
        '',
      ],
    );
    const [ini, env] = sources;
    assert.deepEqual([ini?.label, env?.label], ['config/looker.ini', '.env']);
    await screenshots(page, '72-import-sources');
    await pressEscape(page);
  });

  it('are never combined from two scopes of the settings', async () => {
    const [line] = await chooseSource(/in the settings of this workspace/);
    assert.equal(line?.detail, "The section doesn't set client_secret.");
    await screenshot(page, '73-import-workspace-settings');
    await pressEscape(page);
  });

  it("aren't checked if the environment differs, and go to their own URL", async () => {
    const [line] = await chooseSource(/config\/looker\.ini/);
    assert.match(line?.description ?? '', /^127\.0\.0\.1/);
    assert.match(line?.detail ?? '', /set to another value in VS Code's environment/);
    assert.match(await page.locator('.quick-input-count').innerText(), /0 Selected/);
    await screenshots(page, '74-import-environment');
    await pressEscape(page);
  });

  it('are imported from the user settings, after a dialog', async () => {
    const [line] = await chooseSource(/in your user settings/);
    assert.match(line?.detail ?? '', /in your user settings/);
    await page.keyboard.press('Enter');
    await screenshots(page, '75-import-settings-dialog');
    await answerDialog(page, 'Log In');
    await waitForQuickInput(page, 'Import from looker.ini');
    await pickItem(page, /looker\.clientId/);
    await statusBarItem(page, /Ada Lovelace/);
  });
});

/** A looker.ini with sections: URL, key, and further lines. */
function iniOf(
  sections: Record<string, [string, { clientId: string; clientSecret: string }, ...string[]]>,
): string {
  return Object.entries(sections)
    .map(([name, [baseUrl, { clientId, clientSecret }, ...rest]]) =>
      [
        `[${name}]`,
        `base_url = "${baseUrl}"`,
        `client_id = ${clientId}`,
        `client_secret = ${clientSecret}`,
        ...rest,
        '',
      ].join('\n'),
    )
    .join('\n');
}
