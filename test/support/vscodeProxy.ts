// Does what VS Code does in its extension host for a proxy: puts an agent of its own into the options of requests, in
// place of whatever was there (`createHttpPatch` in microsoft/vscode-proxy-agent).
import https, { Agent } from 'node:https';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';

/** Leads https requests for a host through an http proxy on this machine that refuses to open a tunnel. */
export function leadThrough(proxyPort: number, hostname: string): void {
  agents.set(hostname, new RefusedAgent(proxyPort));
}

const agents = new Map<string, Agent>();

const { request } = https;
https.request = ((url: string | URL, options: https.RequestOptions) => {
  const agent = agents.get(new URL(url).hostname);
  return request(url, { ...options, ...(agent && { agent }) });
}) as typeof request;

/** Asks for a tunnel. What a proxy says that refuses stands for the response, as in `https-proxy-agent`. */
class RefusedAgent extends Agent {
  constructor(private readonly proxyPort: number) {
    super();
  }

  override createConnection(
    { host, port }: { host?: string | null; port?: number | string | null },
    done?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const proxy = connect(this.proxyPort, '127.0.0.1');
    proxy.write(`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`);
    proxy.once('data', (refusal) => {
      const reply = Object.assign(
        new Duplex({
          read: () => undefined,
          // The request itself is not for the proxy to read.
          write: (_chunk, _encoding, written) => {
            written();
          },
        }),
        { setTimeout: () => undefined },
      );
      done?.(null, reply);
      reply.push(refusal);
      reply.push(null);
    });
  }
}
