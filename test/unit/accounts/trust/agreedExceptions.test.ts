import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { AgreedExceptions } from '../../../../src/accounts/trust/agreedExceptions';
import { UnknownAgreementError } from '../../../../src/accounts/trust/unknownAgreementError';
import { WeakerProtectionError } from '../../../../src/looker/errors/protection';
import { exceptionsOf, type Exception } from '../../../../src/looker/instance/protection';
import { MemorySecrets } from '../../../support/memorySecrets';

const ACME = 'https://acme.cloud.looker.com';
const OTHER = 'https://looker.acme.dev';

describe('the exceptions of an instance', () => {
  const usual = { baseUrl: ACME, plainHttp: false, credentialsInQuery: false };
  const inForce: [
    settings: string,
    exceptions: readonly Exception[],
    expected: (string | RegExp)[],
  ][] = [
    ['the defaults', exceptionsOf(usual), []],
    [
      'plain http, where the instance speaks https',
      exceptionsOf({ ...usual, plainHttp: true }),
      [],
    ],
    [
      'plain http on this machine',
      exceptionsOf({ ...usual, baseUrl: 'http://localhost:9999', plainHttp: true }),
      [],
    ],
    [
      'plain http elsewhere',
      exceptionsOf({ ...usual, baseUrl: 'http://looker.acme.dev', plainHttp: true }),
      ['plainHttp'],
    ],
    [
      'the API key in the URL',
      exceptionsOf({ ...usual, credentialsInQuery: true }),
      ['credentialsInQuery'],
    ],
    ['a CA file', exceptionsOf(usual, ['PEM']), [/^caFile [\da-f]{64}$/]],
  ];
  for (const [settings, exceptions, expected] of inForce) {
    it(`with ${settings} are ${expected.length}`, () => {
      assert.equal(exceptions.length, expected.length);
      for (const [index, one] of expected.entries())
        assert.match(exceptions[index] ?? '', new RegExp(one));
    });
  }

  it('change with the certificates in the CA file', () => {
    assert.notDeepEqual(exceptionsOf(usual, ['A', 'B']), exceptionsOf(usual, ['A', 'C']));
    assert.notDeepEqual(exceptionsOf(usual, ['A']), exceptionsOf(usual, ['A', 'A']));
  });
});

/** An answer that a test gives later. */
function pending() {
  let resolve: (isUnused: boolean) => void = () => undefined;
  const answer = new Promise<boolean>((given) => {
    resolve = given;
  });
  return { answer, resolve };
}

describe("the user's agreement", () => {
  let secrets: MemorySecrets;
  let log: string[];
  beforeEach(() => {
    secrets = new MemorySecrets();
    log = [];
  });
  const openWindow = () =>
    new AgreedExceptions(secrets, {
      info: (line) => log.push(line),
      warn: (line) => log.push(line),
    });

  it('applies to that instance in all windows, and to no other', async () => {
    const [one, two] = [openWindow(), openWindow()];
    await assert.rejects(one.check(ACME, ['credentialsInQuery']), WeakerProtectionError);
    await one.agree(ACME, ['credentialsInQuery']);
    await two.check(ACME, ['credentialsInQuery']);
    await two.check(ACME, []);
    await assert.rejects(two.check(OTHER, ['credentialsInQuery']), WeakerProtectionError);
  });

  it("doesn't extend to anything else, such as another CA file", async () => {
    const window = openWindow();
    await window.agree(ACME, ['caFile a']);
    await assert.rejects(window.check(ACME, ['caFile b']), WeakerProtectionError);
    await assert.rejects(
      window.check(ACME, ['caFile a', 'credentialsInQuery']),
      WeakerProtectionError,
    );
  });

  it('is forgotten in all windows', async () => {
    const [one, two] = [openWindow(), openWindow()];
    await one.agree(ACME, ['plainHttp']);
    await one.forget(ACME, Promise.resolve(true));
    await assert.rejects(one.check(ACME, ['plainHttp']), WeakerProtectionError);
    await assert.rejects(two.check(ACME, ['plainHttp']), WeakerProtectionError);
  });

  it('applies until the last tokens of the instance are revoked, whatever other windows forget', async () => {
    const [one, two] = [openWindow(), openWindow()];
    await openWindow().agree(ACME, ['plainHttp']);
    const revoked = pending();
    const forgetting = one.forget(ACME, revoked.answer);
    await one.check(ACME, ['plainHttp']);
    await two.forget(ACME, Promise.resolve(true));
    await one.check(ACME, ['plainHttp']);
    revoked.resolve(true);
    await forgetting;
    for (const window of [one, two]) {
      await assert.rejects(window.check(ACME, ['plainHttp']), WeakerProtectionError);
    }
  });

  it('stays if there is another login, or agreement, before the last tokens are revoked', async () => {
    const one = openWindow();
    await one.agree(ACME, ['plainHttp']);
    await one.forget(ACME, Promise.resolve(false));
    await one.check(ACME, ['plainHttp']);
    const revoked = pending();
    const forgetting = one.forget(ACME, revoked.answer);
    await one.agree(ACME, ['credentialsInQuery']);
    revoked.resolve(true);
    await forgetting;
    await openWindow().check(ACME, ['credentialsInQuery']);
  });

  it('applies as last read while the keyring fails', async () => {
    const one = openWindow();
    await openWindow().agree(ACME, ['plainHttp']);
    await one.check(ACME, ['plainHttp']);
    secrets.broken = ['get'];
    await one.check(ACME, ['plainHttp']);
    await assert.rejects(one.check(ACME, ['caFile a']), WeakerProtectionError);
    secrets.broken = [];
    await openWindow().forget(ACME, Promise.resolve(true));
    await assert.rejects(one.check(ACME, ['plainHttp']), WeakerProtectionError);
  });

  it("applies in this window if it can't be stored, and nowhere if it can't be read", async () => {
    secrets.broken = ['store', 'get'];
    const [one, two] = [openWindow(), openWindow()];
    await one.agree(ACME, ['plainHttp']);
    await one.check(ACME, ['plainHttp']);
    await assert.rejects(two.check(ACME, ['plainHttp']), UnknownAgreementError);
    assert.match(log.join(), /Couldn't save what you agreed to.*keyring is locked/s);
  });

  for (const damaged of ['', 'x', '{}', '"plainHttp"', '[1]', 'null']) {
    it(`is empty if ${damaged || 'nothing'} is stored`, async () => {
      secrets.stored.set(`lookerAuth.agreed:${ACME}`, damaged);
      await assert.rejects(openWindow().check(ACME, ['plainHttp']), WeakerProtectionError);
    });
  }

  it('never exceeds what was agreed, whatever windows do at the same time', async () => {
    const exceptions = fc.subarray<Exception>([
      'plainHttp',
      'credentialsInQuery',
      'caFile a',
      'caFile b',
    ]);
    const step = fc.record({
      window: fc.nat(2),
      baseUrl: fc.constantFrom(ACME, OTHER),
      agrees: fc.option(exceptions),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), exceptions, async (steps, wanted) => {
        secrets = new MemorySecrets();
        const windows = [openWindow(), openWindow(), openWindow()];
        await Promise.all(
          steps.map(async ({ window, baseUrl, agrees }) => {
            if (agrees) await windows[window]?.agree(baseUrl, agrees);
            else await windows[window]?.forget(baseUrl, Promise.resolve(true));
          }),
        );
        const said = new Set(
          steps.flatMap(({ baseUrl, agrees }) => (baseUrl === ACME ? (agrees ?? []) : [])),
        );
        const isSaid = wanted.every((one) => said.has(one));
        for (const window of windows) {
          const isAgreed = await window.check(ACME, wanted).then(
            () => true,
            () => false,
          );
          assert.ok(!isAgreed || isSaid);
        }
      }),
      { numRuns: 500 },
    );
  });
});
