import type { LookupFunction } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Server } from 'proxy-chain';
import type { Certificate } from '../standIn/certificate';
import { authority, serverCertificate } from './certificates';

/** A host that only the proxies know: every request to it has come through one. */
export const HIDDEN_HOST = 'looker.acme.test';

/**
 * A company's network: an HTTP proxy and an HTTPS proxy, the only routes to {@link HIDDEN_HOST}, which is this machine;
 * and a CA that has signed the certificates of the HTTPS proxy and of that host.
 */
export class ProxiedNetwork {
  static async start(): Promise<ProxiedNetwork> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'looker-auth-network-'));
    const company = await authority('Acme Public CA');
    const caFile = path.join(folder, 'company.pem');
    await writeFile(caFile, company.cert);
    const known = await serverCertificate({ hosts: [HIDDEN_HOST], signedBy: company });
    const proxies = [
      new Server({ ...PROXY, serverType: 'http' }),
      new Server({
        ...PROXY,
        serverType: 'https',
        httpsOptions: await serverCertificate({ hosts: ['127.0.0.1'], signedBy: company }),
      }),
    ] as const;
    for (const proxy of proxies) await proxy.listen();
    const [http, https] = proxies.map(({ port }) => `127.0.0.1:${port}`);
    return new ProxiedNetwork(folder, proxies, `http://${http ?? ''}`, known, {
      NODE_EXTRA_CA_CERTS: caFile,
      LOOKER_TEST_HTTP_PROXY: `http://${http ?? ''}`,
      LOOKER_TEST_HTTPS_PROXY: `https://${https ?? ''}`,
      LOOKER_TEST_KNOWN_CERTIFICATE: JSON.stringify(known),
    });
  }

  private constructor(
    private readonly folder: string,
    private readonly proxies: readonly Server[],
    readonly httpProxy: string,
    /** The certificate of {@link HIDDEN_HOST}. */
    readonly certificate: Certificate,
    /** Environment of a machine there, which trusts the CA. */
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  async stop(): Promise<void> {
    for (const proxy of this.proxies) await proxy.close(true);
    await rm(this.folder, { recursive: true });
  }
}

const toThisMachine = ((_host: string, options: { all?: boolean }, done: Found) => {
  if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }]);
  else done(null, '127.0.0.1', 4);
}) as LookupFunction;

type Found = (error: null, address: unknown, family?: number) => void;

const PROXY = {
  port: 0,
  host: '127.0.0.1',
  prepareRequestFunction: () => ({ dnsLookup: toThisMachine as never }),
};
