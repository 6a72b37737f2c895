import { once } from 'node:events';
import http from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** The usual port of proxies, since it is visible in pictures. */
const PORT = 3128;

/** A proxy that connects some hosts to ports of this machine, and refuses all others. */
export class CompanyNetwork {
  /** @param ports the port on 127.0.0.1 for each `host:port` */
  static async start(ports: Readonly<Record<string, number>>): Promise<CompanyNetwork> {
    const network = new CompanyNetwork(ports);
    network.server.listen(PORT, '127.0.0.1');
    await once(network.server, 'listening');
    return network;
  }

  private readonly server = http.createServer();
  private readonly sockets = new Set<Duplex>();

  private constructor(ports: Readonly<Record<string, number>>) {
    this.server.on('connect', ({ url = '' }, client, head: Buffer) => {
      const port = ports[url];
      if (port === undefined) client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      else this.join(client, port, head);
    });
  }

  /** The proxy's port on 127.0.0.1. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Duplex, port: number, head: Buffer): void {
    const instance = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      instance.write(head);
      instance.pipe(client).pipe(instance);
    });
    for (const [from, to] of [
      [client, instance],
      [instance, client],
    ] as const) {
      this.sockets.add(from);
      from.once('error', () => to.destroy());
      from.once('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
  }
}
