import assert from 'node:assert/strict';
import { UnknownTrustError } from '../../../../src/accounts/errors';
import type { Secrets } from '../../../../src/accounts/store/secrets';
import { TrustedCertificates } from '../../../../src/accounts/trust/trustedCertificates';
import { certificateOf, type Certificate } from '../../../../src/looker/tls/certificate';
import { Clock } from '../../../../src/looker/clock';
import { CanceledError } from '../../../../src/looker/errors/expectedError';
import type { Trust } from '../../../../src/looker/tls/privateTls';
import { StandInLooker } from '../../../standIn/standInLooker';
import { serverCertificate } from '../../../support/certificates';
import { lookerApi } from '../../../support/lookerApi';
import { MemoryMemento } from '../../../support/memoryMemento';
import { MemorySecrets } from '../../../support/memorySecrets';
import type { Fetch } from '../../../../src/looker/network/http';
import { fetchFor } from '../../../support/nodeFetch';
import { openAccounts } from '../../../support/openAccounts';
import { until } from '../../../support/until';

const BASE_URL = 'https://looker.acme.dev:19999';
const OTHER = 'https://looker.acme.dev';

describe('the trusted certificates', () => {
  let secrets: MemorySecrets;
  let log: string[];
  let certificate: Certificate;
  let other: Certificate;
  const open: TrustedCertificates[] = [];
  before(async () => {
    const [one, two] = await Promise.all([serverCertificate(), serverCertificate()]);
    [certificate, other] = [certificateOf(one.cert), certificateOf(two.cert)];
  });
  beforeEach(() => {
    secrets = new MemorySecrets();
    log = [];
  });
  afterEach(() => {
    for (const window of open.splice(0)) window.dispose();
  });

  /** A window that may not have read the store yet. */
  const beginWindow = (from: Secrets = secrets) => {
    const window = new TrustedCertificates({
      secrets: from,
      clock: new Clock(
        () => Date.UTC(2030, 0),
        () => 0,
      ),
      log: { info: (message) => log.push(message), warn: (message) => log.push(message) },
    });
    open.push(window);
    return window;
  };
  const openWindow = async () => {
    const window = beginWindow();
    await window.catchUp();
    return window;
  };
  const urls = (window: TrustedCertificates) => window.all().map(({ baseUrl }) => baseUrl);
  const isStored = (baseUrl: string) => secrets.stored.has(`lookerAuth.certificate:${baseUrl}`);

  it('are stored for one instance including its port, and for all windows', async () => {
    const before = await openWindow();
    (await openWindow()).trust(BASE_URL, certificate);
    const trusted = { baseUrl: BASE_URL, certificate, trustedAt: Date.UTC(2030, 0) };
    await until(() => urls(before).length === 1);
    for (const window of [before, await openWindow()]) {
      assert.deepEqual(window.all(), [trusted]);
      assert.deepEqual(window.get(BASE_URL), trusted);
      assert.equal(window.get(OTHER), undefined);
    }
  });

  it('apply at once in the window that trusted them, whatever was read in the meantime', async () => {
    const window = await openWindow();
    window.trust(BASE_URL, certificate);
    window.trust(BASE_URL, other);
    const reading = window.catchUp();
    assert.equal(window.get(BASE_URL)?.certificate.fingerprint, other.fingerprint);
    await reading;
    assert.equal(window.get(BASE_URL)?.certificate.fingerprint, other.fingerprint);
    assert.deepEqual((await openWindow()).get(BASE_URL)?.certificate, other);
  });

  it('apply in no window once they are forgotten', async () => {
    const [one, two] = [await openWindow(), await openWindow()];
    one.trust(BASE_URL, certificate);
    one.trust(OTHER, certificate);
    await until(() => urls(two).length === 2);
    await two.forget(BASE_URL);
    await until(() => urls(one).length === 1);
    for (const window of [one, two, await openWindow()]) assert.deepEqual(urls(window), [OTHER]);
  });

  it('are noticed at the next read if no window is notified', async () => {
    const [one, two] = [await openWindow(), await openWindow()];
    secrets.isMute = true;
    one.trust(BASE_URL, certificate);
    await until(() => isStored(BASE_URL));
    await two.catchUp();
    assert.deepEqual(urls(two), [BASE_URL]);
    await one.forget(BASE_URL);
    await two.catchUp();
    assert.deepEqual(urls(two), []);
  });

  it('trust nothing if it is stored with a time beyond all dates', async () => {
    const { pem } = certificate;
    const stored = JSON.stringify({ pem, trustedAt: 1 });
    secrets.stored.set(`lookerAuth.certificate:${BASE_URL}`, stored.replace('1}', '1e300}'));
    secrets.stored.set(`lookerAuth.certificate:${OTHER}`, stored);
    assert.deepEqual(urls(await openWindow()), [OTHER]);
  });

  for (const damaged of [
    ...['', 'x', '{}', JSON.stringify({ pem: 'x', trustedAt: 1 })],
    JSON.stringify({ trustedAt: 1 }),
  ]) {
    it(`trust nothing if ${damaged || 'nothing'} is stored`, async () => {
      secrets.stored.set(`lookerAuth.certificate:${BASE_URL}`, damaged);
      const window = await openWindow();
      assert.equal(window.get(BASE_URL), undefined);
      assert.deepEqual(window.all(), []);
    });
  }

  it('log which one was trusted, and are stored once that works', async () => {
    const window = await openWindow();
    secrets.broken = ['store'];
    window.trust(BASE_URL, certificate);
    await until(() => log.length === 2);
    assert.ok(log[0]?.includes(certificate.fingerprint));
    assert.match(log[1] ?? '', /The keyring is locked/);
    await window.catchUp();
    assert.ok(window.get(BASE_URL));
    secrets.broken = [];
    await window.catchUp();
    assert.ok((await openWindow()).get(BASE_URL));
  });

  it("report that other windows can't forget one yet, and are forgotten later", async () => {
    const window = await openWindow();
    window.trust(BASE_URL, certificate);
    await until(() => isStored(BASE_URL));
    secrets.broken = ['delete'];
    await assert.rejects(window.forget(BASE_URL), /keyring is locked.*still trust/);
    assert.equal(window.get(BASE_URL), undefined);
    secrets.broken = [];
    await window.catchUp();
    assert.deepEqual(urls(await openWindow()), []);
  });

  describe("that aren't known", () => {
    let sent: (string | undefined)[];
    beforeEach(() => {
      sent = [];
    });
    const send = (window: TrustedCertificates, signal = new AbortController().signal) =>
      window.guard<Parameters<Fetch>[1], never>(BASE_URL, (trusted) => () => {
        sent.push(trusted?.certificate.fingerprint);
        return Promise.reject(new Error('The network is away.'));
      })(BASE_URL, { method: 'GET', headers: {}, signal, redirect: 'manual', size: 1 });
    const store = async () => {
      (await openWindow()).trust(BASE_URL, certificate);
      await until(() => isStored(BASE_URL));
    };

    it('let no request out before they have been read', async () => {
      await store();
      const window = beginWindow();
      assert.throws(() => window.get(BASE_URL), UnknownTrustError);
      await assert.rejects(send(window), /network is away/);
      assert.deepEqual(sent, [certificate.fingerprint]);
    });

    for (const broken of ['keys', 'get'] as const) {
      it(`let no request out if the secret storage doesn't respond: ${broken}`, async () => {
        await store();
        secrets.broken = [broken];
        const window = await openWindow();
        await assert.rejects(send(window), UnknownTrustError);
        await assert.rejects(send(window), /looker.acme.dev.*keyring is locked.*nothing was sent/);
        assert.deepEqual(sent, []);
        secrets.broken = [];
        await assert.rejects(send(window), /network is away/);
        assert.deepEqual(sent, [certificate.fingerprint]);
      });
    }

    it("let no request out if another window's change can't be read", async () => {
      const [one, two] = [await openWindow(), await openWindow()];
      two.trust(BASE_URL, certificate);
      await until(() => urls(one).length === 1);
      secrets.broken = ['get'];
      two.trust(BASE_URL, other);
      await until(() => log.some((line) => line.includes("Couldn't save or read")));
      await assert.rejects(send(one), UnknownTrustError);
      secrets.broken = [];
      await assert.rejects(send(one), /network is away/);
      assert.deepEqual(sent, [other.fingerprint]);
    });

    it('stop waiting at once when canceled, even if the secret storage hangs', async () => {
      const never = () => new Promise<never>(() => undefined);
      const { onDidChange } = secrets;
      const hanging = { get: never, store: never, delete: never, keys: never, onDidChange };
      const cancel = new AbortController();
      const sending = send(beginWindow(hanging), cancel.signal);
      cancel.abort();
      await assert.rejects(sending, CanceledError);
      assert.deepEqual(sent, []);
    });

    it("don't affect what this window has trusted itself", async () => {
      secrets.broken = ['keys', 'get', 'store'];
      const window = await openWindow();
      window.trust(BASE_URL, certificate);
      await assert.rejects(send(window), /network is away/);
      assert.deepEqual(sent, [certificate.fingerprint]);
    });
  });
});

describe('an account on an instance with a changed certificate', () => {
  it("isn't renewed automatically until the user has trusted it, and then at once", async () => {
    const [old, now] = await Promise.all([serverCertificate(), serverCertificate()]);
    const looker = await StandInLooker.start({ certificate: old, tokenLife: 2 });
    let trust: Trust = { certificate: certificateOf(old.cert) };
    let time = 0;
    const clock = new Clock(
      () => Date.now() + time,
      () => performance.now() + time,
    );
    const accounts = await openAccounts(new MemorySecrets(), new MemoryMemento(), {
      renewal: () => 'background',
      clock,
      connect: (baseUrl, apiVersion) =>
        lookerApi(baseUrl, { apiVersion, fetch: fetchFor(baseUrl, trust) }),
    });
    const { baseUrl } = looker;
    const { id } = await accounts.login({ baseUrl, apiVersion: '4.0' }, looker.apiKeyOf('Ada'));
    looker.changeCertificate(now);
    await assert.rejects(accounts.renew(id), /certificate of .* changed, so nothing was sent/);
    const before = looker.requests.length;

    await until(() => accounts.active?.isExpiring === true);
    time += 3_600_000;
    assert.equal(accounts.active?.renewsItself, false);
    accounts.renewDueAccounts();
    assert.equal(accounts.active.isRenewing, false);

    trust = { certificate: certificateOf(now.cert) };
    accounts.clearFailures('https://elsewhere.example');
    assert.ok(accounts.active.failure);
    accounts.clearFailures(baseUrl);
    assert.equal(accounts.active.failure, undefined);
    accounts.renewDueAccounts();
    await until(() => looker.requests.length > before);
    await until(() => accounts.active?.isRenewing === false);
    accounts.dispose();
    await looker.stop();
  });
});
