import type { ClientRequest, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { TLSSocket, type ConnectionOptions } from 'node:tls';
import { caFileIn } from './caFile';
import { certificateOf, type Certificate } from './certificate';
import { withinTimeout } from './cancellation';
import { ChangedCertificateError, ProxyError } from './errors';
import { isCertificateCode, toLookerError, type Connection, type Fetch } from './http';

/** What is trusted for one instance, and for it alone, in place of the certificates of the system. */
export type Trust =
  /** Whatever the certificates in this file have signed, and themselves, under their own names. */
  | { readonly caFile: string }
  /** Exactly this certificate, whichever name is in it. */
  | { readonly certificate: Certificate };

/** The certificate that a server shows. */
export interface ShownCertificate {
  readonly certificate: Certificate;
  /** Node's TLS error code, such as `DEPTH_ZERO_SELF_SIGNED_CERT`; undefined where it is trusted. */
  readonly problem: string | undefined;
}

/**
 * A `fetch` for an instance with certificates of its own. They are options of the request and not of an
 * agent, since VS Code puts its own agent there to go through its proxy, and takes another one for a wish
 * to go past it. The certificate is always verified.
 */
export function fetchTrusting(baseUrl: string, trust: Trust): Fetch {
  return async (url, { method, headers, body, signal, size }) => {
    const tls = await tlsOptions(baseUrl, trust);
    try {
      const sent = request(url, {
        ...tls,
        method,
        headers: { ...headers, Connection: 'close' },
        signal,
      });
      sent.end(body);
      const response = await responseTo(sent);
      // Where a proxy lets nothing through, this is its own answer, in plain text.
      if (!(response.socket instanceof TLSSocket)) {
        throw new ProxyError(baseUrl, response.statusCode ?? 0);
      }
      const text = textOf(response, size);
      // Not everybody reads it.
      text.catch(() => undefined);
      return {
        status: response.statusCode ?? 0,
        headers: { get: (name) => response.headers[name]?.toString() ?? null },
        text: () => text,
      };
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (!('certificate' in trust) || !isCertificateCode(code)) throw error;
      const { certificate } = await look(baseUrl, tls, signal);
      const [was, is] = [trust.certificate.fingerprint, certificate.fingerprint];
      throw was === is ? error : new ChangedCertificateError(baseUrl, was, is);
    }
  };
}

/**
 * The certificate that an instance shows, whatever it is worth. Nothing is verified on this connection, since it is
 * made to show the user what cannot be; so nothing is sent on it but what TLS itself needs, no request and no
 * credentials, and it ends with the handshake. `seeCertificate` makes the only other one of the kind.
 * @param trust what is trusted for the instance so far, if anything
 * @throws LookerError; CancelledError
 */
export async function lookAtCertificate(
  { baseUrl, timeoutMs }: Pick<Connection, 'baseUrl' | 'timeoutMs'>,
  trust: Trust | undefined,
  signal: AbortSignal,
): Promise<ShownCertificate> {
  return withinTimeout({ baseUrl, timeoutMs, signal }, toLookerError, async (signal) => {
    const tls = trust && (await tlsOptions(baseUrl, trust));
    return look(baseUrl, tls, signal);
  });
}

/**
 * How TLS verifies an instance by what is trusted for it alone.
 * @throws CaFileError
 */
export async function tlsOptions(baseUrl: string, trust: Trust): Promise<ConnectionOptions> {
  if ('caFile' in trust) {
    return { ca: [...(await caFileIn(baseUrl, trust.caFile))], allowPartialTrustChain: true };
  }
  const { pem, fingerprint } = trust.certificate;
  return {
    ca: [pem],
    allowPartialTrustChain: true,
    checkServerIdentity: (_host, { fingerprint256 }) =>
      fingerprint256 === fingerprint
        ? undefined
        : new ChangedCertificateError(baseUrl, fingerprint, fingerprint256),
  };
}

/** See {@link lookAtCertificate}. */
async function look(
  baseUrl: string,
  tls: ConnectionOptions | undefined,
  signal: AbortSignal,
): Promise<ShownCertificate> {
  // A request that is never ended is never sent.
  const unsent = request(baseUrl, { ...tls, rejectUnauthorized: false, signal });
  try {
    return await new Promise((resolve, reject) => {
      unsent.on('error', reject);
      unsent.on('response', ({ statusCode = 0 }) => {
        reject(new ProxyError(baseUrl, statusCode));
      });
      unsent.on('socket', (socket) => {
        if (!(socket instanceof TLSSocket)) return;
        const show = () => {
          const shown = socket.getPeerX509Certificate();
          if (!shown) return;
          // Node types it as an error, and puts the code of one there.
          const problem = socket.authorized ? undefined : String(socket.authorizationError);
          resolve({ certificate: certificateOf(shown.toString()), problem });
        };
        socket.once('secureConnect', show);
        show();
      });
    });
  } finally {
    unsent.destroy();
  }
}

function responseTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', resolve);
  });
}

/** @param size most bytes there may be */
async function textOf(response: IncomingMessage, size: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    // As node-fetch says it. Leaving the loop ends the connection.
    if (length > size) throw Object.assign(new Error('Too large'), { type: 'max-size' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
