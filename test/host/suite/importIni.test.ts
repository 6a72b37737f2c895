import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { ApiElsewhereError } from '../../../src/looker/errors/notLooker';
import type { CommandContext } from '../../../src/vscode/context';
import { importIni } from '../../../src/vscode/import/importIni';
import { ImportOffer } from '../../../src/vscode/import/importOffer';
import { StandInLooker } from '../../standIn/standInLooker';
import { filesWith } from '../../support/leaks';
import { HOME } from './environment';
import { labels, logoutEverybody, run } from './looker';
import { until } from '../../support/until';
import { ScriptedUser } from './scriptedUser';

type Key = StandInLooker['people'][number]['apiKey'];

describe('Import from looker.ini…', () => {
  const { showOpenDialog } = vscode.window;
  const { env } = process;
  let looker: StandInLooker;
  let user: ScriptedUser;
  let folder: string;
  let file: string;
  /** The detail of each dialog. */
  let dialogs: string[];
  const secrets = new Set<string>();

  beforeEach(async () => {
    process.env = { ...env };
    looker = await StandInLooker.start();
    user = new ScriptedUser();
    user.press('Log In');
    dialogs = watchDialogs();
    folder = await mkdtemp(path.join(os.tmpdir(), 'looker-import-'));
    file = path.join(folder, 'looker.ini');
    vscode.window.showOpenDialog = () => Promise.resolve([vscode.Uri.file(file)]);
  });
  afterEach(async () => {
    vscode.window.showOpenDialog = showOpenDialog;
    process.env = env;
    looker.clearFaults();
    assert.equal(user.unused, 0);
    for (const { apiKey } of looker.people) if (apiKey) secrets.add(apiKey.clientSecret);
    for (const { token } of looker.requests) if (token) secrets.add(token);
    const seen = JSON.stringify([user.messages, user.prompts, dialogs]);
    assert.deepEqual(
      [...secrets].filter((secret) => seen.includes(secret)),
      [],
    );
    await logoutEverybody(user);
    user.dispose();
    await looker.stop();
    await rm(folder, { recursive: true });
  });
  after('leaves no secret and no token in any file', async () => {
    assert.ok(secrets.size > 10);
    assert.deepEqual(await filesWith(HOME, [...secrets]), []);
  });

  const host = () => new URL(looker.baseUrl).host;
  const section = (name: string, baseUrl: string, key: Key, ...rest: string[]) =>
    [
      `[${name}]`,
      `base_url = "${baseUrl}" # the instance`,
      `client_id = ${key?.clientId ?? ''}`,
      `client_secret = '${key?.clientSecret ?? ''}'`,
      ...rest,
    ].join('\n');
  const write = (...sections: string[]) => writeFile(file, sections.join('\n\n'));
  const DIALOG = { choose: /Choose a File/ };
  /** All messages except the question of the dialog. */
  const told = () =>
    user.messages.filter((message) => !message.startsWith('Log in to Looker with'));
  /** The beginning of the client ID, as in the lines. */
  const begin = (name: string) => `${looker.apiKeyOf(name).clientId.slice(0, 4)}…`;

  it("logs in with each section, shows it, and doesn't change the file", async () => {
    const other = await StandInLooker.start();
    await write(
      section('production', looker.baseUrl, looker.apiKeyOf('Ada')),
      section('staging', other.baseUrl, other.apiKeyOf('Grace Hopper')),
    );
    const before = await readFile(file, 'utf8');
    user.answer(DIALOG, { tick: /./ }, { choose: /production/ });
    await run('importIni');
    assert.deepEqual(
      await labels(),
      [`Ada Lovelace (${host()})`, `Grace Hopper (${new URL(other.baseUrl).host})`].sort(),
    );
    assert.deepEqual(user.prompts[1]?.ticked, ['production', 'staging']);
    assert.deepEqual(user.prompts[2]?.details, [
      'Logged in as Ada Lovelace',
      'Logged in as Grace Hopper',
    ]);
    assert.equal(await readFile(file, 'utf8'), before);
    assert.deepEqual(user.messages, ['Log in to Looker with these API keys?']);
    const [dialog = ''] = dialogs;
    assert.deepEqual(dialog.split('\n'), [
      `${host()}: client ID ${begin('Ada')} (production)`,
      `${new URL(other.baseUrl).host}: client ID ${other.apiKeyOf('Grace Hopper').clientId.slice(0, 4)}… (staging)`,
      '',
      "Looker Auth sends each API key to the host listed before it, and saves it in VS Code's secret storage.",
    ]);
    await logoutEverybody(user);
    await other.stop();
  });

  it('continues with the others if one fails, and says why', async () => {
    const nobody = { clientId: 'nobody1', clientSecret: 'nothing1' };
    await write(
      section('refused', looker.baseUrl, nobody),
      section('silent', 'http://127.0.0.1:9', looker.apiKeyOf('Ada')),
      section('good', looker.baseUrl, looker.apiKeyOf('Ada')),
    );
    user.answer(DIALOG, { tick: /./ }, { choose: /good/ });
    await run('importIni');
    const [refused, silent, good] = user.prompts[2]?.details ?? [];
    assert.equal(refused, `${host()} rejected this API key.`);
    assert.equal(silent, "Couldn't reach 127.0.0.1:9 (connection refused).");
    assert.equal(good, 'Logged in as Ada Lovelace');
    assert.deepEqual(await labels(), [`Ada Lovelace (${host()})`]);
  });

  it('requests one login at a time from each instance', async () => {
    looker.fault({ path: '/login', kind: { is: 'slow', ms: 200 } });
    await write(
      section('a', looker.baseUrl, looker.apiKeyOf('Ada')),
      section('b', looker.baseUrl, looker.apiKeyOf('Grace Hopper')),
    );
    user.answer(DIALOG, { tick: /./ }, { choose: /a/ });
    await run('importIni');
    const paths = looker.requests.map(({ path }) => path.replace(/.*\//, ''));
    const first = paths.indexOf('login');
    assert.ok(paths.indexOf('user') < paths.indexOf('login', first + 1), paths.join(' '));
  });

  it("doesn't let sections be checked that can't be imported, and says what is missing", async () => {
    await write(
      section('draft', looker.baseUrl, undefined),
      section('nowhere', 'looker', looker.apiKeyOf('Ada')),
      section('good', looker.baseUrl, looker.apiKeyOf('Ada')),
    );
    user.answer(DIALOG, { tick: /./ }, { choose: /good/ });
    await run('importIni');
    assert.deepEqual(user.prompts[1]?.ticked, ['good']);
    assert.equal(user.prompts[1].details[0], "The section doesn't set client_id, client_secret.");
    assert.match(user.prompts[1].details[1] ?? '', /isn't the URL of a Looker instance/);
    assert.deepEqual(user.prompts[2]?.lines, [`$(check) good ${host()}`]);
  });

  it("says what it doesn't import", async () => {
    const { clientId } = looker.apiKeyOf('Ada');
    await write(
      section('odd', looker.baseUrl, looker.apiKeyOf('Ada'), 'verify_ssl = no', 'timeout = 300'),
      section('plain', 'http://looker.example', looker.apiKeyOf('Ada'), 'timeout = 30'),
    );
    user.answer(DIALOG, 'Esc');
    await run('importIni');
    assert.equal(user.prompts[1]?.lines[0], `odd ${host()}, client ID ${clientId.slice(0, 4)}…`);
    assert.deepEqual(user.prompts[1].details, [
      'verify_ssl is ignored: certificates are always verified · timeout is ignored: 30 seconds instead of 300 seconds',
      'plain HTTP, without encryption',
    ]);
    assert.deepEqual(looker.requests, []);
  });

  it('verifies certificates, whatever verify_ssl is', async () => {
    const secure = await StandInLooker.start({ https: true });
    await write(
      section('self-signed', secure.baseUrl, secure.apiKeyOf('Ada'), 'verify_ssl = false'),
    );
    user.answer(DIALOG, { tick: /./ }, 'Esc');
    await run('importIni');
    await secure.stop();
    assert.match(
      user.prompts[2]?.details[0] ?? '',
      /^Looker Auth ignores verify_ssl\. .*certificate of/,
    );
    assert.deepEqual(await labels(), []);
    assert.deepEqual(secure.requests, []);
  });

  it('logs in to existing accounts again with the key in the file, and keeps the active account', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    user.answer(looker.baseUrl, clientId, clientSecret);
    await run('login');
    await write(
      section('a', looker.baseUrl, looker.apiKeyOf('Ada')),
      section('b', looker.baseUrl, looker.apiKeyOf('Grace Hopper')),
    );
    user.answer(DIALOG, { tick: /./ }, { choose: /a/ }, 'Esc');
    await run('importIni');
    assert.deepEqual(user.prompts.at(-1)?.details, [
      'Logged in again as Ada Lovelace, now with this key',
      'Logged in as Grace Hopper',
    ]);
    await run('showAccounts');
    assert.ok(user.prompts.at(-1)?.lines.some((line) => line.startsWith('Ada Lovelace')));
  });

  it('sends and saves nothing if the dialog is canceled', async () => {
    await write(section('a', looker.baseUrl, looker.apiKeyOf('Ada')));
    user.dispose();
    user = new ScriptedUser();
    dialogs = watchDialogs();
    user.answer(DIALOG, { tick: /./ });
    await run('importIni');
    assert.equal(dialogs.length, 1);
    assert.deepEqual(user.messages, ['Log in to Looker with this API key?']);
    assert.deepEqual([await labels(), looker.requests], [[], []]);
  });

  it("sends a key to the URL beside it, whatever the environment has, and doesn't check the section then", async () => {
    process.env['LOOKERSDK_BASE_URL'] = 'https://looker.example';
    process.env['LOOKERSDK_CLIENT_ID'] = looker.apiKeyOf('Ada').clientId;
    await write(section('a', looker.baseUrl, looker.apiKeyOf('Grace Hopper')));
    user.answer(DIALOG, { tick: /a/ }, { choose: /a/ });
    await run('importIni');
    const differs =
      "set to another value in VS Code's environment: LOOKERSDK_BASE_URL, LOOKERSDK_CLIENT_ID";
    assert.deepEqual(user.prompts[1]?.ticked, []);
    assert.equal(user.prompts[1].details[0], differs);
    const [line] = dialogs[0]?.split('\n') ?? [];
    assert.equal(line, `${host()}: client ID ${begin('Grace Hopper')} (a): ${differs}`);
    assert.deepEqual(await labels(), [`Grace Hopper (${host()})`]);
  });

  it("completes a section with the key from the environment, but doesn't check it", async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    process.env['LOOKERSDK_CLIENT_ID'] = ` "${clientId}" `;
    process.env['LOOKERSDK_CLIENT_SECRET'] = `${clientSecret}\r`;
    await writeFile(file, `[a]\nbase_url=${looker.baseUrl}\n`);
    user.answer(DIALOG, { tick: /a/ }, { choose: /a/ });
    await run('importIni');
    assert.deepEqual(user.prompts[1]?.ticked, []);
    assert.equal(
      user.prompts[1].details[0],
      'from the environment: LOOKERSDK_CLIENT_ID, LOOKERSDK_CLIENT_SECRET',
    );
    assert.deepEqual(await labels(), [`Ada Lovelace (${host()})`]);
  });

  it('keeps two sections apart if the second header has a comment, and checks neither', async () => {
    await write(
      section('dev', looker.baseUrl, looker.apiKeyOf('Ada')),
      section('prod', 'https://looker.example', looker.apiKeyOf('Grace Hopper')).replace(
        ']',
        '] ; live',
      ),
    );
    user.answer(DIALOG, 'Esc');
    await run('importIni');
    assert.deepEqual(user.prompts[1]?.ticked, []);
    assert.deepEqual(user.prompts[1].lines, [
      `dev ${host()}, client ID ${begin('Ada')}`,
      `prod looker.example, client ID ${begin('Grace Hopper')}`,
    ]);
  });

  it("says why a section can't be imported when it is clicked", async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    await writeFile(
      file,
      `[a]\nbase_url=${looker.baseUrl}\nclient_id=x\nclient_secret=y\n[a]\nclient_id=${clientId}\nclient_secret=${clientSecret}\n`,
    );
    user.answer(DIALOG, { tick: /can't be imported/ });
    await run('importIni');
    assert.deepEqual(told(), [], 'ticking all is no question about each');
    await writeFile(file, `[a]\nclient_id=${clientId}\n`);
    user.answer(DIALOG, { tick: /can't be imported/ });
    await run('importIni');
    assert.deepEqual(told(), [
      "Looker Auth can't import a. The section doesn't set base_url, client_secret.",
    ]);
  });

  const encoded: [what: string, encode: (text: string) => Buffer][] = [
    ['UTF-16, as PowerShell writes it', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-8 with a byte order mark', (text) => Buffer.from(`\ufeff${text}`)],
  ];
  for (const [what, encode] of encoded) {
    it(`reads a file in ${what}`, async () => {
      await writeFile(file, encode(section('a', looker.baseUrl, looker.apiKeyOf('Ada'))));
      user.answer(DIALOG, { tick: /a/ }, { choose: /a/ });
      await run('importIni');
      assert.deepEqual(await labels(), [`Ada Lovelace (${host()})`]);
    });
  }

  it('reads the variables in a shell file', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    const values = { BASE_URL: looker.baseUrl, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret };
    const lines = Object.entries(values).map(
      ([name, value]) => `export LOOKERSDK_${name}='${value}'`,
    );
    await writeFile(file, ['#!/bin/sh', ...lines].join('\n'));
    user.answer(DIALOG, { tick: /LOOKERSDK/ }, { choose: /LOOKERSDK/ });
    await run('importIni');
    assert.deepEqual(user.prompts[1]?.ticked, ['LOOKERSDK_*']);
    assert.deepEqual(await labels(), [`Ada Lovelace (${host()})`]);
  });

  it('tries the port of the host that responds, when that line is chosen', async () => {
    await write(section('moved', 'https://looker.example:19999', looker.apiKeyOf('Ada')));
    const asked: string[] = [];
    const context = {
      accounts: {
        active: undefined,
        list: [],
        login: ({ baseUrl }: { baseUrl: string }) =>
          Promise.resolve({ id: baseUrl, baseUrl, user: { name: 'Ada Lovelace' } }),
        activate: () => Promise.resolve(),
      },
      settings: { nameOf: (baseUrl: string) => new URL(baseUrl).host, timeoutMs: 30_000 },
      log: { warn: () => undefined },
      messages: { tell: () => Promise.resolve() },
      importOffer: { settle: () => Promise.resolve() },
      inquiries: {
        probe: (baseUrl: string) => {
          asked.push(baseUrl);
          return baseUrl.endsWith(':19999')
            ? Promise.reject(new ApiElsewhereError(baseUrl, 'https://looker.example'))
            : Promise.resolve({ baseUrl, apiVersion: '4.0', release: undefined, isLooker: true });
        },
      },
    };
    user.answer({ tick: /moved/ }, { choose: /moved/ }, { choose: /moved/ });
    await importIni(context as unknown as CommandContext, vscode.Uri.file(file));
    assert.deepEqual(asked, ['https://looker.example:19999', 'https://looker.example']);
    assert.deepEqual(user.prompts[1]?.details, [
      'Port 443 responds instead. Choose this line to use it.',
    ]);
    assert.deepEqual(user.prompts[2]?.details, ['Logged in as Ada Lovelace']);
    assert.deepEqual(user.prompts[2].lines, ['$(check) moved looker.example']);
  });

  it('ends the offers of its own workspace only', async () => {
    const settled: string[] = [];
    const state = {
      update: (key: string) => Promise.resolve(void settled.push(key)),
    } as unknown as vscode.Memento;
    const offer = new ImportOffer(
      { workspaceState: state, globalState: state as never },
      { attempt: () => Promise.resolve() },
    );
    await offer.settle(vscode.Uri.file(file));
    assert.deepEqual(settled, []);
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    await offer.settle(vscode.Uri.joinPath(folder.uri, 'config', 'looker.ini'));
    assert.deepEqual(settled, ['lookerAuth.importOffered']);
  });

  it('needs no file if the environment has everything', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    process.env['LOOKERSDK_BASE_URL'] = looker.baseUrl;
    process.env['LOOKERSDK_CLIENT_ID'] = clientId;
    process.env['LOOKERSDK_CLIENT_SECRET'] = clientSecret;
    user.answer({ choose: /LOOKERSDK_\*/ }, { tick: /./ }, { choose: /LOOKERSDK/ });
    await run('importIni');
    assert.deepEqual(await labels(), [`Ada Lovelace (${host()})`]);
  });

  it('checks the same key once', async () => {
    await write(
      section('a', looker.baseUrl, looker.apiKeyOf('Ada')),
      section('b', `${looker.baseUrl}/`, looker.apiKeyOf('Ada')),
    );
    user.answer(DIALOG, 'Esc');
    await run('importIni');
    assert.deepEqual(user.prompts[1]?.ticked, ['a']);
  });

  it('goes back from the sections to the file, and saves nothing on Esc', async () => {
    await write(section('a', looker.baseUrl, looker.apiKeyOf('Ada')));
    user.answer(DIALOG, 'Back', DIALOG, 'Esc');
    await run('importIni');
    user.answer('Esc');
    await run('importIni');
    user.answer(DIALOG, { tick: /nothing/ });
    await run('importIni');
    assert.deepEqual([await labels(), user.messages, looker.requests], [[], [], []]);
  });

  const unreadable: [what: string, make: () => Promise<void>, message: RegExp][] = [
    ['is gone', () => Promise.resolve(), /no longer exists/],
    ['has no sections', () => writeFile(file, 'hello'), /has no section with base_url/],
    ['is huge', () => writeFile(file, Buffer.alloc(2_000_000, 10)), /too large/],
  ];
  for (const [what, make, message] of unreadable) {
    it(`shows an error if the file ${what}`, async () => {
      await make();
      user.answer(DIALOG);
      await run('importIni');
      assert.equal(user.messages.length, 1);
      assert.match(user.messages[0] ?? '', message);
    });
  }

  it("shows why it couldn't be offered", async () => {
    const fail = () => {
      throw new Error('The workspace is read-only.');
    };
    const state = { get: fail, update: fail, keys: fail } as unknown as vscode.Memento;
    const failures: unknown[] = [];
    const messages = {
      attempt: async (work: () => Promise<unknown>) => {
        await work().catch((error: unknown) => failures.push(error));
      },
    };
    const memory = { workspaceState: state, globalState: state } as Pick<
      vscode.ExtensionContext,
      'workspaceState' | 'globalState'
    >;
    new ImportOffer(memory, messages).make(() => Promise.resolve()).dispose();
    await until(() => failures.length === 1);
  });
});

/** The detail of each dialog from now on. */
function watchDialogs(): string[] {
  const details: string[] = [];
  const { showWarningMessage } = vscode.window as unknown as {
    showWarningMessage: (text: string, ...rest: unknown[]) => Thenable<string | undefined>;
  };
  Object.assign(vscode.window, {
    showWarningMessage: (text: string, ...rest: unknown[]) => {
      const [options] = rest as [vscode.MessageOptions | undefined];
      if (options?.modal === true) details.push(options.detail ?? '');
      return showWarningMessage(text, ...rest);
    },
  });
  return details;
}
