// Replaces `node:https` for node-fetch: through esbuild.js in the bundle, through test/support/nodeFetch.ts in tests.
// It verifies every certificate, whatever the rest of the process does: NODE_TLS_REJECT_UNAUTHORIZED turns verification
// off for requests without an explicit option, and any extension can set it, or an option of the global agent.
import { X509Certificate } from 'node:crypto';
import type { ClientRequest, RequestOptions } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { TLSSocket, type ConnectionOptions, type PeerCertificate } from 'node:tls';

/**
 * The TLS options of one request. node-fetch passes on only an `agent`, unchanged, so this takes the agent's place. It
 * isn't an agent: Node's own `https` would refuse to send the request.
 */
export class RequestTls {
  /** Whether the response came over TLS: a proxy that refuses a tunnel responds itself, in plain text. */
  isSpoken = false;

  /** @param options what verifies the instance, if it has its own certificates */
  constructor(readonly options: ConnectionOptions = {}) {}
}

/** Node's code for a certificate of another host. */
const OTHER_NAME = 'ERR_TLS_CERT_ALTNAME_INVALID';

/**
 * Tries the addresses of a host one after the other, whatever the process's default is. Each gets more than Node's
 * default of 250 ms, which is too short for distant servers.
 */
export const EVERY_ADDRESS = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 1000 };

/**
 * Sends a request on a verified connection. The options belong to the request because VS Code replaces agents with its
 * proxy's.
 */
function request(
  url: string,
  { agent, ...options }: Omit<RequestOptions, 'agent'> & { readonly agent?: unknown },
): ClientRequest {
  const tls = agent instanceof RequestTls ? agent : new RequestTls();
  // A resumed session shows no certificate, and Node then doesn't compare names.
  const anew: ConnectionOptions = { ...tls.options, session: undefined };
  const all = { ...options, ...EVERY_ADDRESS, ...anew };
  const sent = https.request(url, { ...all, rejectUnauthorized: true });
  onHandshake(sent, (socket) => {
    const problem = problemOf(socket, new URL(url).hostname, tls.options);
    if (problem) socket.destroy(problem);
  });
  sent.once('response', ({ socket }) => {
    tls.isSpoken = socket instanceof TLSSocket;
  });
  return sent;
}

/** The part of `node:https` that node-fetch uses; node-fetch imports the default export. */
export default { request };

/** Calls `seen` once the TLS handshake of a request is complete, before any of the request is sent. */
export function onHandshake(sent: ClientRequest, seen: (socket: TLSSocket) => void): void {
  sent.once('socket', (socket) => {
    if (!(socket instanceof TLSSocket)) return;
    const isOver = socket.authorized || Boolean(socket.authorizationError);
    if (isOver) seen(socket);
    else {
      socket.once('secureConnect', () => {
        seen(socket);
      });
    }
  });
}

/** An error like those of Node's TLS. */
export function tlsError(code = OTHER_NAME): Error {
  return Object.assign(new Error(code), { code });
}

/**
 * Finds problems that Node may ignore: options of `https.globalAgent` override a request's
 * (`Agent.prototype.addRequest`), and VS Code uses that agent if there is no proxy.
 */
function problemOf(
  socket: TLSSocket,
  hostname: string,
  { checkServerIdentity = checkHost }: ConnectionOptions,
): Error | undefined {
  return socket.authorized
    ? checkServerIdentity(hostname, socket.getPeerCertificate())
    : tlsError(String(socket.authorizationError));
}

function checkHost(hostname: string, { raw }: PeerCertificate): Error | undefined {
  const certificate = new X509Certificate(raw);
  const name = hostname.replace(/^\[|\]$|\.$/g, '');
  const isIts = isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name);
  return isIts === undefined ? tlsError() : undefined;
}
