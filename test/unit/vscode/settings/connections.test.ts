import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { TrustedCertificates } from '../../../../src/accounts/trust/trustedCertificates';
import { serverClocks } from '../../../../src/looker/clock';
import { exceptionsOf } from '../../../../src/looker/instance/protection';
import { caFileIn } from '../../../../src/looker/tls/caFile';
import { createConnections } from '../../../../src/vscode/settings/connections';
import type { Settings } from '../../../../src/vscode/settings/settings';
import { authority } from '../../../support/certificates';
import { machineClock } from '../../../support/lookerApi';
import { MemorySecrets } from '../../../support/memorySecrets';

const BASE_URL = 'https://looker.acme.com';

describe('the exceptions to agree to', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'looker-auth-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('come with the CA file that they were read from, whenever the settings change', async () => {
    const files = ['ours.pem', "theirs' own.pem"].map((name) => path.join(folder, name));
    for (const file of files) await writeFile(file, (await authority(file)).cert);
    const secrets = new MemorySecrets();
    const log = { info: () => undefined, warn: () => undefined };
    const certificates = new TrustedCertificates({ secrets, clock: machineClock, log });
    let turn = 0;
    const instance = () => ({
      baseUrl: BASE_URL,
      plainHttp: false,
      credentialsInQuery: false,
      caFile: files[turn % 2] ?? '',
    });
    const { exceptionsIn } = createConnections({
      settings: { instance, timeoutMs: 1000 } as unknown as Settings,
      certificates,
      secrets,
      log,
      fetch: () => assert.fail('Nothing is sent.'),
      clock: machineClock,
      serverClock: serverClocks(machineClock),
    });
    for (let changes = 0; changes < 30; changes++) {
      const reading = exceptionsIn(BASE_URL);
      const progress = { isRead: false };
      const read = reading.finally(() => (progress.isRead = true));
      // Another extension changes them once, a little later each time.
      for (let waited = 0; !progress.isRead; waited++) {
        if (waited === changes) turn++;
        await new Promise(setImmediate);
      }
      const { exceptions, caFile = '' } = await read;
      const itsOwn = exceptionsOf(instance(), await caFileIn(BASE_URL, caFile));
      assert.deepEqual(exceptions, itsOwn, String(changes));
    }
    certificates.dispose();
  });
});
