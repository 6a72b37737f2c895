// Does what VS Code's extension host does for a proxy: replaces the agent in the options of requests with its own
// (`createHttpPatch` in microsoft/vscode-proxy-agent).
import https, { Agent } from 'node:https';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';

/** Sends HTTPS requests for a host to an HTTP proxy on this machine that refuses to open a tunnel. */
export function leadThrough(proxyPort: number, hostname: string): void {
  agents.set(hostname, new RefusedAgent(proxyPort));
}

const agents = new Map<string, Agent>();

const { request } = https;
https.request = ((url: string | URL, options: https.RequestOptions) => {
  const agent = agents.get(new URL(url).hostname);
  return request(url, { ...options, ...(agent && { agent }) });
}) as typeof request;

/** Requests a tunnel. If the proxy refuses, its response becomes the response, as in `https-proxy-agent`. */
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
          // The request itself must not be sent to the proxy.
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
