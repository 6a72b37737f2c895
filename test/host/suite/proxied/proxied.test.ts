import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { UNVERIFIED, unverified } from '../../../faults/unverified';
import { StandInLooker, type Certificate } from '../../../standIn/standInLooker';
import { authority, serverCertificate } from '../../../support/certificates';
import { labels, logoutEverybody, run } from '../looker';
import { ScriptedUser } from '../scriptedUser';

/** Known to the proxies only. */
const HOST = 'looker.acme.test';
const TRUST = 'Trust for This Instance';

const PROXIES = {
  'an http proxy': env('LOOKER_TEST_HTTP_PROXY'),
  'an https proxy': env('LOOKER_TEST_HTTPS_PROXY'),
};

describe('behind a proxy', () => {
  let folder: string;
  let acme: Certificate;
  let byAcme: Certificate;
  let looker: StandInLooker;
  let user: ScriptedUser;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'looker-auth-proxied-'));
    acme = await authority();
    await writeFile(path.join(folder, 'acme.pem'), acme.cert);
    byAcme = await serverCertificate({ hosts: [HOST], signedBy: acme });
  });
  after(async () => {
    await rm(folder, { recursive: true });
    await set('http.proxy', PROXIES['an http proxy']);
  });
  beforeEach(() => {
    user = new ScriptedUser();
  });
  afterEach(async () => {
    assert.equal(user.unused, 0);
    await logoutEverybody(user);
    user.dispose();
    await looker.stop();
    await set('lookerAuth.instances', undefined);
  });

  const start = async (certificate: Certificate) => {
    looker = await StandInLooker.start({ certificate });
    return `https://${HOST}:${new URL(looker.baseUrl).port}`;
  };
  const logIn = async (baseUrl: string) => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    user.answer(baseUrl, clientId, clientSecret);
    await run('login');
  };
  const isLoggedIn = async (baseUrl: string) => {
    assert.deepEqual(await labels(), [`Ada Lovelace (${new URL(baseUrl).host})`]);
  };
  /** Enters the URL, reads the error, and presses Esc. */
  const seeRefusal = async (baseUrl: string, why: RegExp) => {
    user.answer(baseUrl, 'Esc');
    await run('login');
    assert.match(user.prompts.at(-1)?.error ?? '', why);
    assert.deepEqual(await labels(), []);
  };

  for (const [what, proxy] of Object.entries(PROXIES)) {
    for (const support of ['override', 'on']) {
      describe(`that is ${what}, with http.proxySupport "${support}"`, () => {
        before(async () => {
          await set('http.proxy', proxy);
          await set('http.proxySupport', support);
        });
        after(() => set('http.proxySupport', undefined));

        it('logs in if the machine trusts the instance', async () => {
          const baseUrl = await start(
            JSON.parse(env('LOOKER_TEST_KNOWN_CERTIFICATE')) as Certificate,
          );
          await logIn(baseUrl);
          await isLoggedIn(baseUrl);
          assert.deepEqual(user.messages, []);
        });

        it('logs in with a CA file', async () => {
          const baseUrl = await start(byAcme);
          await set('lookerAuth.instances', [
            { url: baseUrl, caFile: path.join(folder, 'acme.pem') },
          ]);
          user.press('Connect');
          await logIn(baseUrl);
          await isLoggedIn(baseUrl);
          const { host } = new URL(baseUrl);
          assert.deepEqual(user.messages, [`Connect to ${host} with less protection?`]);
        });

        it('serves programs in a terminal, with a CA file', async () => {
          const baseUrl = await start(byAcme);
          await set('lookerAuth.instances', [
            { url: baseUrl, caFile: path.join(folder, 'acme.pem') },
          ]);
          user.press('Connect');
          await logIn(baseUrl);
          user.press('Open Terminal');
          await run('openTerminal');
          const terminal = vscode.window.terminals.at(-1) ?? assert.fail();
          const { env = {} } = terminal.creationOptions as vscode.TerminalOptions;
          const response = await fetch(`${String(env['LOOKERSDK_BASE_URL'])}/api/4.0/user`, {
            headers: { Authorization: `token ${String(env['LOOKER_ACCESS_TOKEN'])}` },
          });
          assert.equal(((await response.json()) as { id: string }).id, '1');
          terminal.dispose();
        });

        it('logs in with the typed key once the certificate is trusted, and can forget it', async () => {
          const baseUrl = await start(byAcme);
          user.press(TRUST);
          await logIn(baseUrl);
          await isLoggedIn(baseUrl);
          assert.deepEqual(user.messages, [`Trust the certificate of ${baseUrl}?`]);
          await logoutEverybody(user);

          await forget(user);
          user.dispose();
          user = new ScriptedUser();
          await seeRefusal(
            baseUrl,
            /certificate of .* (isn't trusted|is self-signed|is from an untrusted CA)/,
          );
        });

        it('still verifies certificates if http.proxyStrictSSL is off', async () => {
          const baseUrl = await start(byAcme);
          await set('http.proxyStrictSSL', false);
          await seeRefusal(
            baseUrl,
            /certificate of .* (isn't trusted|is self-signed|is from an untrusted CA)/,
          );
          await set('http.proxyStrictSSL', undefined);
          assert.deepEqual(looker.requests, []);
        });
      });
    }
  }

  for (const [what, proxy] of Object.entries({ ...PROXIES, 'no proxy': '' })) {
    for (const how of UNVERIFIED) {
      describe(`through ${what}, if ${how}`, () => {
        const startHere = async (certificate: Certificate) => {
          const baseUrl = await start(certificate);
          return proxy === '' ? baseUrl.replace(HOST, 'localhost') : baseUrl;
        };
        const another = () => serverCertificate({ hosts: [HOST, 'localhost'], signedBy: acme });

        before(() => set('http.proxy', proxy));
        after(() => set('http.proxy', PROXIES['an http proxy']));

        it('sends nothing to an instance with an unknown certificate', async () => {
          const baseUrl = await startHere(await another());
          await unverified(how, () =>
            seeRefusal(
              baseUrl,
              /certificate of .* (isn't trusted|is self-signed|is from an untrusted CA)/,
            ),
          );
          assert.deepEqual(looker.requests, []);
        });

        it('sends nothing to an instance with a certificate other than the trusted one', async () => {
          const baseUrl = await startHere(await another());
          user.press(TRUST);
          await logIn(baseUrl);
          await logoutEverybody(user);
          looker.changeCertificate(await another());
          const before = looker.requests.length;
          await unverified(how, () => seeRefusal(baseUrl, /has a new certificate/));
          assert.equal(looker.requests.length, before);
          await forget(user, new URL(baseUrl).host);
        });
      });
    }
  }

  it('refuses a certificate other than the trusted one, until that is forgotten', async () => {
    const baseUrl = await start(byAcme);
    user.press(TRUST);
    await logIn(baseUrl);
    await logoutEverybody(user);
    looker.changeCertificate(await serverCertificate({ hosts: [HOST], signedBy: acme }));
    const before = looker.requests.length;
    const told = user.messages.length;
    await seeRefusal(baseUrl, /has a new certificate.*Looker: Forget Trusted Certificate…/);
    assert.equal(looker.requests.length, before);
    assert.equal(user.messages.length, told);

    await forget(user);
    await logIn(baseUrl);
    await isLoggedIn(baseUrl);
    await logoutEverybody(user);
    await forget(user);
  });

  it('is the only way out, so the tests do go through it', async () => {
    const baseUrl = await start(byAcme);
    await set('http.proxy', '');
    await seeRefusal(baseUrl, /host not found|DNS lookup failed/);
    await set('http.proxy', PROXIES['an http proxy']);
  });

  it('shows an error if the proxy is gone', async () => {
    const baseUrl = await start(byAcme);
    await set('http.proxy', 'http://127.0.0.1:9');
    await seeRefusal(baseUrl, /The proxy for .* isn't responding/);
    await set('http.proxy', PROXIES['an http proxy']);
  });
});

async function forget(user: ScriptedUser, host = HOST): Promise<void> {
  user.press('Forget');
  user.answer({ choose: new RegExp(host.replaceAll('.', '\\.')) });
  await run('forgetCertificate');
}

async function set(setting: string, value: unknown): Promise<void> {
  await vscode.workspace
    .getConfiguration()
    .update(setting, value, vscode.ConfigurationTarget.Global);
}

function env(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
}
