// Looks at the way to an instance piece by piece, beside the requests that go all of it. Nothing is sent to
// the instance here but the opening of a connection.
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import * as net from 'node:net';
import { addAbortSignal } from 'node:stream';
import * as tls from 'node:tls';
import { abortable } from '../cancellation';
import { ProxyError, TunnelRefusedError, UnreachableError } from '../errors/network';
import { UntrustedCertificateError } from '../errors/tls';
import { codeOf } from './http';
import { inertText } from '../inert';
import { withinTimeout } from './withinTimeout';

/** What is looked at, and for how long at most. */
export interface ReachTarget {
  readonly baseUrl: string;
  /**
   * A proxy to go through: HTTP(S), or SOCKS, of which no more than the connection to it is tried. Its user name and
   * password, if any, are sent to it alone.
   */
  readonly proxy?: URL | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What a server shows of itself in the TLS handshake, before anything is sent to it. */
export interface Handshake {
  /** `TLSv1.3`, say. */
  readonly protocol: string;
  readonly subject: string;
  readonly issuer: string;
  /** As the certificate writes them: `Nov 21 23:40:00 2026 GMT`. */
  readonly validFrom: string;
  readonly validTo: string;
  /** SHA-256, in hexadecimal pairs with colons. */
  readonly fingerprint: string;
  /** Why it is not trusted here, where it is not. */
  readonly problem: UntrustedCertificateError | undefined;
}

/** The addresses of the instance's host. @throws UnreachableError, TimeoutError, CanceledError */
export function lookUp(target: ReachTarget): Promise<readonly string[]> {
  return reach(target, async () => {
    const found = await lookup(endOf(new URL(target.baseUrl)).host, { all: true });
    return found.map(({ address }) => address);
  });
}

/**
 * Opens a connection to the instance and closes it again, through the proxy where there is one; to a SOCKS proxy
 * itself, and no further.
 * @param port another one than the instance's, where there is no proxy
 * @throws UnreachableError, TimeoutError, ProxyError, TunnelRefusedError, CanceledError
 */
export function tcpConnect(target: ReachTarget, port?: number): Promise<void> {
  return reach(target, async (signal) => {
    const { host, port: ownPort } = endOf(new URL(target.baseUrl));
    const socket = await (target.proxy && isHttp(target.proxy)
      ? tunnel(target, target.proxy, signal)
      : open(endOf(target.proxy ?? { hostname: host, port: String(port ?? ownPort) }), signal));
    socket.destroy();
  });
}

/**
 * What the instance shows in the TLS handshake, trusted or not: nothing is verified, and nothing sent to it. On the
 * way that is configured, step by step; see `inspectViaVsCode` for the one that VS Code takes.
 * @param options what the instance is trusted by, beside what VS Code and the system trust
 * @throws UnreachableError, TimeoutError, ProxyError, TunnelRefusedError, CanceledError
 */
export function inspectViaConfiguredRoute(
  target: ReachTarget,
  options: tls.ConnectionOptions = {},
): Promise<Handshake> {
  return reach(target, async (signal) => {
    const end = endOf(new URL(target.baseUrl));
    const socket = tls.connect({
      ...options,
      ...end,
      ...serverName(end),
      ...(target.proxy && { socket: await tunnel(target, target.proxy, signal) }),
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: false,
    });
    await opened(socket, 'secureConnect', signal);
    const { subject, issuer, valid_from, valid_to, fingerprint256 } = socket.getPeerCertificate();
    const code = String(socket.authorizationError);
    const { authorized } = socket;
    const protocol = socket.getProtocol() ?? '';
    socket.destroy();
    return {
      protocol,
      subject: nameOf(subject),
      issuer: nameOf(issuer),
      validFrom: valid_from,
      validTo: valid_to,
      fingerprint: fingerprint256,
      problem: authorized ? undefined : new UntrustedCertificateError(target.baseUrl, code),
    };
  });
}

/** Whether we can ask this proxy for a connection: SOCKS we do not speak. */
export function isHttp({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:';
}

/** A connection to the instance that the proxy has made. */
async function tunnel(
  { baseUrl }: ReachTarget,
  proxy: URL,
  signal: AbortSignal,
): Promise<net.Socket> {
  const { host, port } = endOf(new URL(baseUrl));
  const end = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
  const socket = await open(endOf(proxy), signal, proxy.protocol === 'https:');
  const user = [proxy.username, proxy.password].map(decoded).join(':');
  const signIn =
    user === ':' ? '' : `Proxy-Authorization: Basic ${Buffer.from(user).toString('base64')}\r\n`;
  socket.write(`CONNECT ${end} HTTP/1.1\r\nHost: ${end}\r\n${signIn}\r\n`);
  const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(await headOf(socket))?.[1]);
  if (status >= 200 && status < 300) return socket;
  socket.destroy();
  if (status === 407) throw new ProxyError(baseUrl, status);
  if (!status) throw new UnreachableError(baseUrl, 'ECONNRESET');
  throw new TunnelRefusedError(baseUrl, status);
}

/** A password is often typed as it is, with a `%` that stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What is answered up to the first empty line, or as much as there is of it. */
async function headOf(socket: net.Socket): Promise<string> {
  let head = '';
  const ended = new AbortController();
  socket.once('close', () => {
    ended.abort();
  });
  while (!head.includes('\r\n\r\n') && head.length < 16_384) {
    const [piece] = (await once(socket, 'data', { signal: ended.signal }).catch(() => [])) as [
      Buffer?,
    ];
    if (!piece) break;
    head += piece.toString('latin1');
  }
  socket.pause();
  return head;
}

async function open(
  end: { host: string; port: number },
  signal: AbortSignal,
  isTls = false,
): Promise<net.Socket> {
  const socket = isTls
    ? tls.connect({ ...end, ...serverName(end), rejectUnauthorized: true })
    : net.connect(end);
  await opened(socket, isTls ? 'secureConnect' : 'connect', signal);
  return socket;
}

/** TLS names hosts to each other, but no addresses (RFC 6066, 3). */
function serverName({ host }: { host: string }): Pick<tls.ConnectionOptions, 'servername'> {
  return net.isIP(host) === 0 ? { servername: host } : {};
}

/** Aborting the signal destroys the socket, then and later. */
async function opened(socket: net.Socket, event: string, signal: AbortSignal): Promise<void> {
  addAbortSignal(signal, socket);
  await once(socket, event);
  // Whatever happens to it later is seen by whoever reads from it.
  socket.on('error', () => undefined);
}

function endOf({
  protocol,
  hostname,
  port,
}: {
  protocol?: string;
  hostname: string;
  port: string;
}) {
  const usual = protocol === 'https:' ? 443 : protocol?.startsWith('socks') ? 1080 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || usual };
}

/** Names of people or mail addresses may stand in a certificate too; they are nobody's business. */
function nameOf({ CN, O }: { CN?: string | string[]; O?: string | string[] }): string {
  return inertText([CN, O].flat().filter(Boolean).join(', '));
}

function reach<T>(target: ReachTarget, look: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return withinTimeout(target, unreachable, (signal) => abortable(look(signal), signal));
}

/** Says nothing of the instance's certificate: it may be a proxy that has failed. */
function unreachable(baseUrl: string, error: unknown): UnreachableError {
  return new UnreachableError(baseUrl, codeOf(error));
}
