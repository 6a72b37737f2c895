import assert from 'node:assert/strict';
import { TrustedCertificates } from '../../../src/accounts/trustedCertificates';
import { certificateOf, type Certificate } from '../../../src/looker/certificate';
import { Clock } from '../../../src/looker/clock';
import type { Trust } from '../../../src/looker/privateTls';
import { StandInLooker } from '../../standIn/standInLooker';
import { serverCertificate } from '../../support/certificates';
import { lookerApi } from '../../support/lookerApi';
import { MemoryMemento } from '../../support/memoryMemento';
import { MemorySecrets } from '../../support/memorySecrets';
import { fetchFor } from '../../support/nodeFetch';
import { openAccounts } from '../../support/openAccounts';
import { until } from '../../support/until';

const BASE_URL = 'https://looker.acme.dev:19999';
const OTHER = 'https://looker.acme.dev';

describe('the trusted certificates', () => {
  let memento: MemoryMemento;
  let log: string[];
  let certificate: Certificate;
  before(async () => {
    certificate = certificateOf((await serverCertificate()).cert);
  });
  beforeEach(() => {
    memento = new MemoryMemento();
    log = [];
  });

  const openWindow = () =>
    new TrustedCertificates({
      memento,
      clock: new Clock(
        () => Date.UTC(2030, 0),
        () => 0,
      ),
      log: { info: (message) => log.push(message), warn: (message) => log.push(message) },
    });

  it('are kept for one instance, which a port makes another one, and for all windows', () => {
    openWindow().trust(BASE_URL, certificate);
    const trusted = { baseUrl: BASE_URL, certificate, trustedAt: Date.UTC(2030, 0) };
    assert.deepEqual(openWindow().all(), [trusted]);
    assert.deepEqual(openWindow().get(BASE_URL), trusted);
    assert.equal(openWindow().get(OTHER), undefined);
  });

  it('are worth nothing once they are forgotten', () => {
    openWindow().trust(BASE_URL, certificate);
    openWindow().trust(OTHER, certificate);
    openWindow().forget(BASE_URL);
    assert.deepEqual(
      openWindow()
        .all()
        .map(({ baseUrl }) => baseUrl),
      [OTHER],
    );
  });

  for (const damaged of [undefined, {}, { pem: 'x', trustedAt: 1 }, { trustedAt: 1 }, 'x']) {
    it(`trust nobody where ${JSON.stringify(damaged)} is stored`, () => {
      memento.stored.set(`lookerAuth.certificate:${BASE_URL}`, damaged);
      assert.equal(openWindow().get(BASE_URL), undefined);
      assert.deepEqual(openWindow().all(), []);
    });
  }

  it('say in the log which one was trusted, and when it cannot be stored', async () => {
    memento.isBroken = true;
    openWindow().trust(BASE_URL, certificate);
    await until(() => log.length === 2);
    assert.ok(log[0]?.includes(certificate.fingerprint));
    assert.match(log[1] ?? '', /The disk is full/);
    assert.ok(openWindow().get(BASE_URL));
  });
});

describe('an account whose instance shows another certificate', () => {
  it('is not renewed by itself until the user has trusted it, and then at once', async () => {
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
    await assert.rejects(accounts.renew(id), /HAS CHANGED/);
    const before = looker.requests.length;

    await until(() => accounts.active?.isDue === true);
    time += 3_600_000;
    assert.equal(accounts.active?.renewsItself, false);
    accounts.renewDue();
    assert.equal(accounts.active.isRenewing, false);

    trust = { certificate: certificateOf(now.cert) };
    accounts.tryAgain('https://elsewhere.example');
    assert.ok(accounts.active.failure);
    accounts.tryAgain(baseUrl);
    assert.equal(accounts.active.failure, undefined);
    accounts.renewDue();
    await until(() => looker.requests.length > before);
    await until(() => accounts.active?.isRenewing === false);
    accounts.dispose();
    await looker.stop();
  });
});
