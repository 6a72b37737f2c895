import dns from 'node:dns';
import { once } from 'node:events';
import { getDefaultAutoSelectFamily, setDefaultAutoSelectFamily, type Server } from 'node:net';
import { blackHole } from '../faults/servers';

/**
 * Runs a test against a host with two addresses, where a server listens only at the second one: connections to the first
 * one hang. Skips the test on macOS, which by default has no second loopback address.
 * @param server not yet listening; closed at the end
 * @param run gets the host's port
 */
export async function withDeadFirstAddress(
  test: Mocha.Context,
  server: Server,
  run: (port: number) => Promise<void>,
): Promise<void> {
  if (process.platform === 'darwin') test.skip();
  const { lookup } = dns;
  const isDefault = getDefaultAutoSelectFamily();
  const dead = await blackHole();
  server.listen(dead.port, '127.0.0.2');
  await once(server, 'listening');
  const addresses = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
  dns.lookup = ((
    _host: string,
    { all }: { all?: boolean },
    done: (...found: unknown[]) => void,
  ) => {
    if (all) done(null, addresses);
    else done(null, '127.0.0.1', 4);
  }) as typeof lookup;
  setDefaultAutoSelectFamily(false);
  try {
    await run(dead.port);
  } finally {
    setDefaultAutoSelectFamily(isDefault);
    dns.lookup = lookup;
    server.close();
    await dead.stop();
  }
}
