import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { watchInstances } from '../../../src/vscode/settings/instanceProblems';
import { Settings } from '../../../src/vscode/settings/settings';
import { until } from '../../support/until';
import { EXTENSION, run } from './looker';
import { ScriptedUser } from './scriptedUser';

const NOT_A_URL = "This isn't the URL of a Looker instance.";

describe('instances in the settings', () => {
  let user: ScriptedUser;
  before(() => vscode.extensions.getExtension(EXTENSION)?.activate());
  beforeEach(() => {
    user = new ScriptedUser();
  });
  afterEach(async () => {
    await set(undefined);
    assert.equal(user.unused, 0);
    user.dispose();
  });

  /** The instances that the login offers. */
  const offered = async () => {
    user.answer('Esc');
    await run('login');
    return user.prompts.at(-1)?.lines.join('\n') ?? '';
  };
  const told = async (instances: unknown) => {
    await set(instances);
    await until(() => user.messages.length > 0);
    return user.messages.join('\n');
  };

  it('with an invalid OAuth client, or a redirect URI that could leak a code, get a warning', async () => {
    const oauth = (redirectUri: unknown, clientId: unknown = 'acme-vscode') => ({
      clientId,
      redirectUri,
    });
    const wrong: readonly [oauth: unknown, problem: RegExp][] = [
      ['acme-vscode', /"oauth" can't be "acme-vscode"/],
      [oauth(7), /"oauth\.redirectUri" can't be 7/],
      [oauth('nonsense'), /"oauth\.redirectUri" must use HTTPS/],
      [oauth('http://acme.example/cb'), /"oauth\.redirectUri" must use HTTPS/],
      [oauth('http://127.0.0.1.acme.example/cb'), /"oauth\.redirectUri" must use HTTPS/],
      [oauth('ftp://127.0.0.1:7777/cb'), /"oauth\.redirectUri" must use HTTPS/],
      [oauth('javascript:alert(1)'), /"oauth\.redirectUri" must use HTTPS/],
      [oauth('https://ada:secret@acme.example/cb'), /"oauth\.redirectUri" must use HTTPS/],
      [oauth('http://127.0.0.1:0/cb'), /"oauth\.redirectUri" must use HTTPS/],
      [oauth('http://127.0.0.1:7777/cb?x=1'), /"oauth\.redirectUri" must use HTTPS/],
      [oauth('http://127.0.0.1:7777/cb', 'two words'), /"oauth\.clientId" can't be/],
      [{ clientId: 'acme-vscode' }, /"oauth\.redirectUri"/],
    ];
    await set(wrong.map(([oauth], index) => ({ url: `https://wrong${index}.example`, oauth })));
    const problems = await new Settings().problems();
    for (const [index, [, problem]] of wrong.entries()) {
      const own = problems.filter((text) => text.includes(`(wrong${index}.example)`));
      assert.match(own.join(), problem);
    }
    assert.doesNotMatch(problems.join(), /ada:secret/);
    await until(() => user.messages.length > 0);
    assert.doesNotMatch(user.messages.join(), /ada:secret/);
  });

  it('with errors get one warning, and the valid parts apply', async () => {
    const message = await told([
      { url: 'looker' },
      7,
      { url: 'https://one.example', name: 'One', apiVersion: '5.0' },
      { url: 'one.example', name: 'Two' },
      { url: 'https://three.example', name: 'Three', caFile: 'ca.pem' },
      { name: 'Nowhere' },
      { url: 'https://four.example', name: 'Four', cafile: '/ca.pem', timeout: 5 },
    ]);
    for (const problem of [
      `Entry 1: ${NOT_A_URL}`,
      'Entry 2: The entry must be an object with a "url".',
      'Entry 3 (one.example): "apiVersion" can\'t be "5.0".',
      'Entry 4 (one.example): An earlier entry for the same instance',
      "Entry 5 (three.example): The path ca.pem isn't absolute.",
      'Entry 6: The property "url" is missing.',
      'Entry 7 (four.example): The property "cafile" doesn\'t exist.',
      'Entry 7 (four.example): The property "timeout" doesn\'t exist.',
    ]) {
      assert.ok(message.includes(problem), `${problem} is not in: ${message}`);
    }
    assert.equal(user.messages.length, 1);
    const lines = await offered();
    assert.match(lines, /One https:\/\/one\.example/);
    assert.match(lines, /Three https:\/\/three\.example/);
    assert.match(lines, /Four https:\/\/four\.example/);
    assert.doesNotMatch(lines, /Two|Nowhere/);
  });

  it('get the same warning only once', async () => {
    await told([{ url: 'looker' }]);
    await set([{ url: 'looker' }, { url: 'https://one.example' }]);
    await set([{ url: 'https://one.example' }, { url: 'looker' }]);
    await until(() => user.messages.length === 2);
    assert.match(user.messages[1] ?? '', /Entry 2: /);
  });

  describe('in a separate window', () => {
    let answers: ((problems: readonly string[]) => void)[];
    let watching: vscode.Disposable;
    const log = { info: () => undefined, warn: () => undefined };
    const watch = () => {
      answers = [];
      const problems = () =>
        new Promise<readonly string[]>((resolve) => {
          answers.push(resolve);
        });
      watching = watchInstances({ problems }, log, () => undefined);
    };
    const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
    afterEach(() => {
      watching.dispose();
    });

    it('get the warning when the window gets the focus, if they are still invalid', async () => {
      user.isHere = false;
      watch();
      answers[0]?.(['Entry 1: wrong']);
      await settled();
      assert.deepEqual(user.messages, []);
      user.isHere = true;
      assert.deepEqual(user.messages, ['Check the setting "lookerAuth.instances". Entry 1: wrong']);
      user.isHere = true;
      assert.equal(user.messages.length, 1);
    });

    it('get the warning for their latest state, not an earlier one', async () => {
      watch();
      await set([{ url: 'https://one.example' }]);
      await until(() => answers.length === 2);
      answers[1]?.([]);
      await settled();
      answers[0]?.(['Entry 1: wrong']);
      await settled();
      assert.deepEqual(user.messages, []);
    });
  });

  it('get no requests if their CA file is missing, and the error names the file', async () => {
    await told([{ url: 'https://three.example', caFile: '/nowhere/ca.pem' }]);
    user.answer('https://three.example', 'Esc');
    await run('login');
    assert.match(
      user.prompts.at(-1)?.error ?? '',
      /^Looker Auth sent nothing to three\.example.*The file \/nowhere\/ca\.pem doesn't exist\./,
    );
  });

  it('can have their CA file in the home folder, whatever its name is', async () => {
    const variable = process.platform === 'win32' ? 'USERPROFILE' : 'HOME';
    const before = process.env[variable];
    const home = path.join(mkdtempSync(path.join(tmpdir(), 'home-')), '$$', '$&');
    mkdirSync(home, { recursive: true });
    writeFileSync(path.join(home, 'ca.pem'), 'nothing');
    process.env[variable] = home;
    try {
      const message = await told([{ url: 'https://three.example', caFile: '~/ca.pem' }]);
      const shown = `~${path.sep}ca.pem`;
      assert.ok(message.includes(`${shown} has no PEM certificate.`), message);
    } finally {
      process.env[variable] = before;
      rmSync(path.join(home, '..', '..'), { recursive: true });
    }
  });

  it('are underlined in the settings editor if they are invalid', async () => {
    await told([{ url: 'looker' }, { url: 'https://one.example', caFile: 'ca.pem' }]);
    await vscode.commands.executeCommand('workbench.action.openSettingsJson');
    const underlined = () =>
      vscode.languages
        .getDiagnostics()
        .flatMap(([, diagnostics]) => diagnostics)
        .map(({ message }) => message);
    await until(() => underlined().some((message) => message.startsWith('Enter an absolute path')));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});

async function set(instances: unknown): Promise<void> {
  await vscode.workspace
    .getConfiguration('lookerAuth')
    .update('instances', instances, vscode.ConfigurationTarget.Global);
}
