// Checks the route to an instance step by step, apart from real requests. It only opens connections to the instance and
// sends nothing else to it.
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import net from 'node:net';
import { addAbortSignal } from 'node:stream';
import tls from 'node:tls';
import { abortable } from '../cancellation';
import type { LookerError } from '../errors/lookerError';
import { ProxyError, UnreachableError } from '../errors/network';
import { UntrustedCertificateError } from '../errors/tls';
import { codeOf, isCertificateCode } from './http';
import { inertText } from '../inert';
import { EVERY_ADDRESS } from '../tls/verifiedHttps';
import { withinLimits } from './withinLimits';

/** What to check, and for how long at most. */
export interface ReachTarget {
  readonly baseUrl: string;
  /**
   * The proxy to use: HTTP(S), or SOCKS, where only the connection to the proxy itself is checked. Its user name and
   * password, if any, are sent to the proxy only.
   */
  readonly proxy?: URL | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What a server reveals in the TLS handshake, before anything is sent to it. */
export interface Handshake {
  /** For example `TLSv1.3`. */
  readonly protocol: string;
  readonly subject: string;
  readonly issuer: string;
  /** As written in the certificate: `Nov 21 23:40:00 2026 GMT`. */
  readonly validFrom: string;
  readonly validTo: string;
  /** SHA-256, in hexadecimal pairs with colons. */
  readonly fingerprint: string;
  /** Why it isn't trusted here; undefined if it is. */
  readonly problem: UntrustedCertificateError | undefined;
}

/** Looks up the addresses of the instance's host. @throws UnreachableError, TimeoutError, CanceledError */
export function lookUp(target: ReachTarget): Promise<readonly string[]> {
  return reach(target, async () => {
    const found = await lookup(endOf(new URL(target.baseUrl)).host, { all: true });
    return found.map(({ address }) => address);
  });
}

/**
 * Opens and closes a connection to the instance, through the proxy if there is one; with a SOCKS proxy, only a
 * connection to the proxy.
 * @param port a port other than the instance's, if there is no proxy
 * @throws UnreachableError, TimeoutError, ProxyError, CanceledError
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
 * Reads the TLS handshake of the instance, whether it is trusted or not: nothing is verified, and nothing is sent. It
 * takes the configured route step by step; `inspectViaVsCode` takes VS Code's own route.
 * @param options additional trust for the instance, beyond what VS Code and the system trust
 * @throws UnreachableError, TimeoutError, ProxyError, CanceledError
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

/** Whether a tunnel can be requested from this proxy: Looker Auth doesn't speak SOCKS. */
export function isHttp({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:';
}

/** Opens a connection to the instance through the proxy. */
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
  const head = await headOf(socket);
  const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1]);
  const isOpen = status >= 200 && status < 300;
  // Servers wait for a client's handshake, so what follows the head is the proxy's own page.
  if (isOpen && head.indexOf(END_OF_HEAD) === head.length - END_OF_HEAD.length) return socket;
  socket.destroy();
  if (!status || (isOpen && !head.includes(END_OF_HEAD))) {
    throw new UnreachableError(baseUrl, 'ECONNRESET');
  }
  throw new ProxyError(baseUrl, status);
}

/** Decodes a proxy's user name or password, which is often typed unencoded and may contain a literal `%`. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const END_OF_HEAD = '\r\n\r\n';

/** Reads the response up to the first empty line, or as much of it as arrives. */
async function headOf(socket: net.Socket): Promise<string> {
  let head = '';
  const ended = new AbortController();
  socket.once('close', () => {
    ended.abort();
  });
  while (!head.includes(END_OF_HEAD) && head.length < 16_384) {
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

/** The server name for TLS, which is only sent for names, not for addresses (RFC 6066, 3). */
function serverName({ host }: { host: string }): Pick<tls.ConnectionOptions, 'servername'> {
  return net.isIP(host) === 0 ? { servername: host } : {};
}

/** Waits until the socket is open. Aborting the signal destroys the socket, now or later. */
async function opened(socket: net.Socket, event: string, signal: AbortSignal): Promise<void> {
  addAbortSignal(signal, socket);
  await once(socket, event);
  // Later errors reach the reader of the socket; without a listener, they would crash the process.
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
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || usual,
    ...EVERY_ADDRESS,
  };
}

/** Leaves out names of people and e-mail addresses, which may also be in a certificate and must not be shown. */
function nameOf({ CN, O }: { CN?: string | string[]; O?: string | string[] }): string {
  return inertText([CN, O].flat().filter(Boolean).join(', '));
}

function reach<T>(target: ReachTarget, look: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return withinLimits(target, unreachable, (signal) => abortable(look(signal), signal));
}

/** Only a proxy's certificate is verified here, so an untrusted one is never the instance's. */
function unreachable(baseUrl: string, error: unknown): LookerError {
  const code = codeOf(error);
  return isCertificateCode(code) ? new ProxyError(baseUrl) : new UnreachableError(baseUrl, code);
}
