import https from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { caFileIn } from './caFile';
import { certificateOf, sameCa, type Certificate } from './certificate';
import { ProxyError } from '../errors/network';
import { ChangedCertificateError } from '../errors/tls';
import { isCertificateCode, toLookerError, type Connection, type Fetch } from '../network/http';
import { onHandshake, RequestTls, tlsError } from './verifiedHttps';
import { withinTimeout } from '../network/withinTimeout';

/** What is trusted for one instance, and for it alone, in place of the certificates of the system. */
export type Trust =
  /** Whatever the certificates in this file have signed, and themselves, under their own names. */
  | { readonly caFile: string }
  /** The same, with the certificates of the file, PEM each. */
  | { readonly caCertificates: readonly string[] }
  /** Exactly this certificate, whichever name is in it. */
  | { readonly certificate: Certificate };

/** The certificate that a server shows. */
export interface ShownCertificate {
  readonly certificate: Certificate;
  /** Node's TLS error code, such as `DEPTH_ZERO_SELF_SIGNED_CERT`; undefined where it is trusted. */
  readonly problem: string | undefined;
}

/** `node-fetch`, which takes the TLS of a request for its agent: see {@link RequestTls}. */
export type OverTls<Init, Reply> = (
  url: string,
  init: Init & { readonly agent?: RequestTls },
) => Promise<Reply>;

export type FetchOverTls = OverTls<Parameters<Fetch>[1], Awaited<ReturnType<Fetch>>>;

/** What is looked at of a request and its response on the way; the rest is the caller's. */
export type AnyInit = Pick<Parameters<Fetch>[1], 'headers' | 'signal'>;
export type AnyReply = Pick<Awaited<ReturnType<Fetch>>, 'status'>;

/**
 * A `fetch` for one instance, whose certificate is always verified.
 * @param trust what verifies it in place of the certificates of the system, if anything
 */
export function fetchVerified<Init extends AnyInit, Reply extends AnyReply>(
  fetch: OverTls<Init, Reply>,
  baseUrl: string,
  trust?: Trust,
): (url: string, init: Init) => Promise<Reply> {
  return async (url, init) => {
    if (!url.startsWith('https:')) return fetch(url, init);
    const options = trust && (await tlsOptions(baseUrl, trust));
    const tls = new RequestTls(options);
    // No other request may go on a connection that only this one's options have verified.
    const headers = { ...init.headers, ...(trust && { Connection: 'close' }) };
    try {
      const response = await fetch(url, { ...init, headers, agent: tls });
      // Where a proxy lets nothing through, this is its own answer.
      if (!tls.isSpoken) throw new ProxyError(baseUrl, response.status);
      return response;
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (!trust || !('certificate' in trust) || !isCertificateCode(code)) throw error;
      const { certificate } = await look(baseUrl, options, init.signal);
      const isTheOne = trust.certificate.fingerprint === certificate.fingerprint;
      throw isTheOne ? error : changed(baseUrl, trust.certificate, certificate);
    }
  };
}

function changed(baseUrl: string, was: Certificate, is: Certificate): ChangedCertificateError {
  return new ChangedCertificateError(baseUrl, was.fingerprint, is.fingerprint, sameCa(was, is));
}

/**
 * The certificate that an instance shows, whatever it is worth. Nothing is verified on this connection, since it is
 * made to show the user what cannot be; so nothing is sent on it but what TLS itself needs, no request and no
 * credentials, and it ends with the handshake. `inspectViaConfiguredRoute` makes the only other one of the kind.
 * @param trust what is trusted for the instance so far, if anything
 * @throws LookerError; CanceledError
 */
export async function inspectViaVsCode(
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
    return caOptions(await caFileIn(baseUrl, trust.caFile));
  }
  if ('caCertificates' in trust) return caOptions(trust.caCertificates);
  const { pem, fingerprint } = trust.certificate;
  return {
    ca: [pem],
    allowPartialTrustChain: true,
    checkServerIdentity: (_host, shown) =>
      shown.fingerprint256 === fingerprint ? undefined : tlsError(),
  };
}

function caOptions(certificates: readonly string[]): ConnectionOptions {
  return { ca: [...certificates], allowPartialTrustChain: true };
}

/** See {@link inspectViaVsCode}. */
async function look(
  baseUrl: string,
  tls: ConnectionOptions | undefined,
  signal: AbortSignal,
): Promise<ShownCertificate> {
  // A request that is never ended is never sent.
  const unsent = https.request(baseUrl, { ...tls, signal, rejectUnauthorized: false });
  try {
    return await new Promise((resolve, reject) => {
      unsent.on('error', reject);
      unsent.on('response', ({ statusCode = 0 }) => {
        reject(new ProxyError(baseUrl, statusCode));
      });
      onHandshake(unsent, (socket) => {
        const shown = socket.getPeerX509Certificate();
        if (!shown) return;
        // Node types it as an error, and puts the code of one there.
        const problem = socket.authorized ? undefined : String(socket.authorizationError);
        resolve({ certificate: certificateOf(shown.toString()), problem });
      });
    });
  } finally {
    unsent.destroy();
  }
}
