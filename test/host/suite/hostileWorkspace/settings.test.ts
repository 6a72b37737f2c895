import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { StandInLooker } from '../../../standIn/standInLooker';
import { CONSUMER_IS_TRUSTED, IN_RESTRICTED_MODE } from '../environment';
import { EXTENSION, logoutEverybody, run } from '../looker';
import { ScriptedUser } from '../scriptedUser';

/** VS Code's own settings, which would also change what is trusted. */
const CERTIFICATES = { 'http.proxyStrictSSL': false, 'http.systemCertificates': false };

const title = IN_RESTRICTED_MODE ? 'that is not trusted' : 'that is trusted';

describe(`a workspace ${title} with settings for Looker`, () => {
  let looker: StandInLooker;
  let user: ScriptedUser;

  before(async () => {
    looker = await StandInLooker.start({ tokenLife: 2 });
    await writeSettings({
      ...Object.fromEntries(declared().map(([name]) => [name, '/tmp/elsewhere'])),
      'lookerAuth.instances': [
        { url: looker.baseUrl, apiVersion: '3.0', credentialsInQuery: true },
        { url: 'http://looker.example', plainHttp: true },
      ],
      'lookerAuth.timeout': 1,
      'lookerAuth.renewal': 'off',
      ...CERTIFICATES,
    });
    // VS Code adds this setting, which a workspace may have, and reads the file again.
    const target = vscode.ConfigurationTarget.Workspace;
    await vscode.workspace.getConfiguration().update('editor.tabSize', 7, target);
  });
  beforeEach(() => {
    user = new ScriptedUser();
  });
  afterEach(() => {
    assert.equal(user.unused, 0);
    user.dispose();
  });
  after(async () => {
    user = new ScriptedUser();
    await logoutEverybody(user);
    user.dispose();
    await vscode.workspace.fs.delete(settingsFile());
    await looker.stop();
  });

  it('is what it says', () => {
    assert.equal(vscode.workspace.isTrusted, !IN_RESTRICTED_MODE);
  });

  it('was read', async () => {
    const settings = await readSettings();
    assert.equal(settings['lookerAuth.timeout'], 1);
    assert.equal(settings['editor.tabSize'], 7);
    assert.equal(vscode.workspace.getConfiguration().get('editor.tabSize'), 7);
  });

  it("can't change our settings, or which certificates VS Code trusts", () => {
    assert.ok(declared().length >= 3);
    const settings = vscode.workspace.getConfiguration();
    for (const [name, { default: unset }] of declared()) {
      assert.deepEqual(settings.get(name), unset, name);
    }
    for (const [name, hostile] of Object.entries(CERTIFICATES)) {
      assert.equal(settings.inspect(name)?.workspaceValue, undefined, name);
      assert.notEqual(settings.get(name), hostile, name);
    }
  });

  it("can't add instances to the login, or allow plain HTTP", async () => {
    user.answer('http://looker.example', 'Esc');
    await run('login');
    const lines = user.prompts.flatMap(({ lines }) => lines).join('\n');
    assert.doesNotMatch(lines, new RegExp(new URL(looker.baseUrl).host));
    assert.match(user.prompts.at(-1)?.error ?? '', /plain HTTP/);
  });

  it("can't change a login: the body has the key, and Looker may take its time", async () => {
    looker.fault({ path: '/login', times: 1, kind: { is: 'slow', ms: 1500 } });
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    user.answer(looker.baseUrl, clientId, clientSecret);
    await run('login');
    assert.deepEqual(user.messages, []);
    const [login] = looker.requests.filter(({ path }) => path.endsWith('/login'));
    assert.equal(login?.path, '/api/4.0/login');
    assert.deepEqual(login.query, {});
    assert.equal(login.form['client_id'], clientId);
  });

  it("can't change sessions: they are renewed, with the detected API version", async function () {
    if (!CONSUMER_IS_TRUSTED) this.skip();
    const ask = () => vscode.authentication.getSession('looker', [], { silent: true });
    const before = await ask();
    await setTimeout(2100);
    const after = await ask();
    assert.ok(before && after);
    assert.notEqual(after.accessToken, before.accessToken);
    const { apiVersion } = (after as unknown as { looker: { apiVersion: string } }).looker;
    assert.equal(apiVersion, '4.0');
  });

  it("can't get our settings from an extension either", async () => {
    for (const [name, { default: value }] of declared()) {
      const target = vscode.ConfigurationTarget.Workspace;
      const written = vscode.workspace.getConfiguration().update(name, value, target);
      await assert.rejects(Promise.resolve(written), /only into User settings/);
    }
  });
});

/** All settings of the manifest, with their defaults. */
function declared(): readonly (readonly [name: string, { readonly default: unknown }])[] {
  const { contributes } = vscode.extensions.getExtension(EXTENSION)?.packageJSON as {
    contributes: { configuration: { properties: Record<string, { default: unknown }> } };
  };
  return Object.entries(contributes.configuration.properties);
}

async function writeSettings(settings: object): Promise<void> {
  await vscode.workspace.fs.writeFile(settingsFile(), Buffer.from(JSON.stringify(settings)));
}

async function readSettings(): Promise<Record<string, unknown>> {
  const text = Buffer.from(await vscode.workspace.fs.readFile(settingsFile())).toString();
  return JSON.parse(text) as Record<string, unknown>;
}

function settingsFile(): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('No folder is open.');
  return vscode.Uri.joinPath(folder.uri, '.vscode', 'settings.json');
}
