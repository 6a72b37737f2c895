import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { offerImport } from '../../../src/vscode/iniOffer';
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
  const secrets = new Set<string>();

  beforeEach(async () => {
    process.env = { ...env };
    looker = await StandInLooker.start();
    user = new ScriptedUser();
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
    const seen = JSON.stringify([user.messages, user.prompts]);
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
  const DIALOG = { choose: /Choose a file/ };

  it('logs in with each section, says so, and leaves the file as it is', async () => {
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
    assert.deepEqual(user.messages, []);
    await logoutEverybody(user);
    await other.stop();
  });

  it('goes on with the others where one fails, and says why', async () => {
    const nobody = { clientId: 'nobody', clientSecret: 'nothing' };
    await write(
      section('refused', looker.baseUrl, nobody),
      section('silent', 'http://127.0.0.1:9', looker.apiKeyOf('Ada')),
      section('good', looker.baseUrl, looker.apiKeyOf('Ada')),
    );
    user.answer(DIALOG, { tick: /./ }, { choose: /good/ });
    await run('importIni');
    const [refused, silent, good] = user.prompts[2]?.details ?? [];
    assert.match(refused ?? '', /Looker rejected this API key/);
    assert.match(silent ?? '', /Could not reach 127\.0\.0\.1:9/);
    assert.equal(good, 'Logged in as Ada Lovelace');
    assert.deepEqual(await labels(), [`Ada Lovelace (${host()})`]);
  });

  it('asks one instance for one log-in at a time', async () => {
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

  it('lets nothing be ticked that cannot be imported, and says what is missing', async () => {
    await write(
      section('draft', looker.baseUrl, undefined),
      section('nowhere', 'looker', looker.apiKeyOf('Ada')),
      section('good', looker.baseUrl, looker.apiKeyOf('Ada')),
    );
    user.answer(DIALOG, { tick: /./ }, { choose: /good/ });
    await run('importIni');
    assert.deepEqual(user.prompts[1]?.ticked, ['good']);
    assert.equal(user.prompts[1].details[0], 'Missing: client_id, client_secret');
    assert.match(user.prompts[1].details[1] ?? '', /not the URL of a Looker instance/);
    assert.deepEqual(user.prompts[2]?.lines, [`$(check) good ${host()}`]);
  });

  it('says what it does not take over', async () => {
    const { clientId } = looker.apiKeyOf('Ada');
    await write(
      section('odd', looker.baseUrl, looker.apiKeyOf('Ada'), 'verify_ssl = no', 'timeout = 300'),
      section('plain', 'http://looker.example', looker.apiKeyOf('Ada'), 'timeout = 30'),
    );
    user.answer(DIALOG, 'Esc');
    await run('importIni');
    assert.equal(user.prompts[1]?.lines[0], `odd ${host()}, client id ${clientId.slice(0, 4)}…`);
    assert.deepEqual(user.prompts[1].details, [
      'verify_ssl is ignored, certificates are always verified · timeout stays 30 s, not 300 s',
      'plain http, without encryption',
    ]);
    assert.deepEqual(looker.requests, []);
  });

  it('verifies certificates whatever verify_ssl says', async () => {
    const secure = await StandInLooker.start({ https: true });
    await write(
      section('self-signed', secure.baseUrl, secure.apiKeyOf('Ada'), 'verify_ssl = false'),
    );
    user.answer(DIALOG, { tick: /./ }, 'Esc');
    await run('importIni');
    await secure.stop();
    assert.match(user.prompts[2]?.details[0] ?? '', /^verify_ssl is ignored\. .*not trusted/);
    assert.deepEqual(await labels(), []);
    assert.deepEqual(secure.requests, []);
  });

  it('logs in again with the key of the file where somebody is logged in, and leaves the active account active', async () => {
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
    assert.match(user.prompts.at(-1)?.lines[1] ?? '', /Ada Lovelace/);
  });

  it('takes what the environment says for what the file says, but ticks no mixture of the two', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    process.env['LOOKERSDK_CLIENT_ID'] = clientId;
    process.env['LOOKERSDK_CLIENT_SECRET'] = clientSecret;
    await write(section('a', looker.baseUrl, looker.apiKeyOf('Grace Hopper')));
    user.answer(DIALOG, { tick: /a/ }, { choose: /a/ });
    await run('importIni');
    assert.deepEqual(user.prompts[1]?.ticked, []);
    assert.equal(
      user.prompts[1].details[0],
      'from the environment: LOOKERSDK_CLIENT_ID, LOOKERSDK_CLIENT_SECRET',
    );
    assert.deepEqual(await labels(), [`Ada Lovelace (${host()})`]);
  });

  it('needs no file where the environment says it all', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    process.env['LOOKERSDK_BASE_URL'] = looker.baseUrl;
    process.env['LOOKERSDK_CLIENT_ID'] = clientId;
    process.env['LOOKERSDK_CLIENT_SECRET'] = clientSecret;
    user.answer({ choose: /LOOKERSDK_\*/ }, { tick: /./ }, { choose: /LOOKERSDK/ });
    await run('importIni');
    assert.deepEqual(await labels(), [`Ada Lovelace (${host()})`]);
  });

  it('ticks the same key once', async () => {
    await write(
      section('a', looker.baseUrl, looker.apiKeyOf('Ada')),
      section('b', `${looker.baseUrl}/`, looker.apiKeyOf('Ada')),
    );
    user.answer(DIALOG, 'Esc');
    await run('importIni');
    assert.deepEqual(user.prompts[1]?.ticked, ['a']);
  });

  it('goes back from the sections to the file, and leaves nothing behind on Esc', async () => {
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
    ['is gone', () => Promise.resolve(), /no longer there/],
    ['has no sections', () => writeFile(file, 'hello'), /has no section, such as \[Looker\]/],
    ['is huge', () => writeFile(file, Buffer.alloc(2_000_000, 10)), /too large/],
  ];
  for (const [what, make, message] of unreadable) {
    it(`says so where the file ${what}`, async () => {
      await make();
      user.answer(DIALOG);
      await run('importIni');
      assert.equal(user.messages.length, 1);
      assert.match(user.messages[0] ?? '', message);
    });
  }

  it('tells why it could not be offered', async () => {
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
    offerImport(memory, messages, () => Promise.resolve()).dispose();
    await until(() => failures.length === 1);
  });
});
