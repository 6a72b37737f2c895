// `node:https` as node-fetch gets it: from esbuild.js in the bundle, from test/support/nodeFetch.ts in tests. Every
// certificate is verified here, whatever holds for the rest of the process: NODE_TLS_REJECT_UNAUTHORIZED turns
// verification off for whoever says nothing of it, and any extension may set that, or an option of the global agent.
import { X509Certificate } from 'node:crypto';
import type { ClientRequest, RequestOptions } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { TLSSocket, type ConnectionOptions, type PeerCertificate } from 'node:tls';

/**
 * The TLS of one request. node-fetch passes on nothing but an `agent`, and that untouched, so this takes the place of
 * one. It is no agent: Node's own `https` would refuse to send the request.
 */
export class RequestTls {
  /** Whether the response came over TLS: a proxy that opens no tunnel answers by itself, in plain text. */
  isSpoken = false;

  /** @param options what verifies the instance, if it has certificates of its own */
  constructor(readonly options: ConnectionOptions = {}) {}
}

/** The code of Node's for a certificate that is not the host's. */
const OTHER_NAME = 'ERR_TLS_CERT_ALTNAME_INVALID';

/**
 * The addresses of a host are tried one after the other, whatever is the default of the process. Each has more time
 * than Node's quarter of a second, which is too little for one that lives far away.
 */
const EVERY_ADDRESS = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 1000 };

/** Sends a request on a verified connection. The options are the request's: VS Code replaces agents by its proxy's. */
function request(
  url: string,
  { agent, ...options }: Omit<RequestOptions, 'agent'> & { readonly agent?: unknown },
): ClientRequest {
  const tls = agent instanceof RequestTls ? agent : new RequestTls();
  // A session that is resumed shows no certificate, and Node compares no names then.
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

/** What node-fetch uses of `node:https`, which it imports as a whole. */
export default { request };

/** Calls back once the TLS handshake of a request is over, before anything of the request goes out. */
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

/** An error as Node's TLS would throw it. */
export function tlsError(code = OTHER_NAME): Error {
  return Object.assign(new Error(code), { code });
}

/**
 * What is wrong with a connection that Node may let pass: options of `https.globalAgent` beat those of a request
 * (`Agent.prototype.addRequest`), and VS Code uses it where there is no proxy.
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
