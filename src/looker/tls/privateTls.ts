import https from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { caFileIn } from './caFile';
import { certificateOf, sameCa, type Certificate } from './certificate';
import { ProxyError } from '../errors/network';
import { ChangedCertificateError } from '../errors/tls';
import { isCertificateCode, toLookerError, type Connection, type Fetch } from '../network/http';
import { onHandshake, RequestTls, tlsError } from './verifiedHttps';
import { withinLimits } from '../network/withinLimits';

/** What is trusted for one instance only, in place of the system's certificates. */
export type Trust =
  /** The certificates in this file and any that they signed, if the host name matches. */
  | { readonly caFile: string }
  /** The same, with the file's certificates in PEM. */
  | { readonly caCertificates: readonly string[] }
  /** Exactly this certificate, regardless of the name in it. */
  | { readonly certificate: Certificate };

/** The certificate that a server shows. */
export interface ShownCertificate {
  readonly certificate: Certificate;
  /** Node's TLS error code, such as `DEPTH_ZERO_SELF_SIGNED_CERT`; undefined if it is trusted. */
  readonly problem: string | undefined;
}

/** A `fetch` that receives the TLS options of a request as its agent, as `node-fetch` does: see {@link RequestTls}. */
export type OverTls<Init, Response> = (
  url: string,
  init: Init & { readonly agent?: RequestTls },
) => Promise<Response>;

export type FetchOverTls = OverTls<Parameters<Fetch>[1], Awaited<ReturnType<Fetch>>>;

/** The parts of a request and response used here; the others are passed on unchanged. */
export type AnyInit = Pick<Parameters<Fetch>[1], 'headers' | 'signal'>;
export type AnyResponse = Pick<Awaited<ReturnType<Fetch>>, 'status'>;

/**
 * Returns a `fetch` for one instance that always verifies its certificate.
 * @param trust what verifies it in place of the system's certificates, if anything
 */
export function fetchVerified<Init extends AnyInit, Response extends AnyResponse>(
  fetch: OverTls<Init, Response>,
  baseUrl: string,
  trust?: Trust,
): (url: string, init: Init) => Promise<Response> {
  return async (url, init) => {
    if (!url.startsWith('https:')) return fetch(url, init);
    const options = trust && (await tlsOptions(baseUrl, trust));
    const tls = new RequestTls(options);
    // No other request may reuse a connection that was verified with this request's options.
    const headers = { ...init.headers, ...(trust && { Connection: 'close' }) };
    try {
      const response = await fetch(url, { ...init, headers, agent: tls });
      // If a proxy refuses the tunnel, the response is the proxy's own.
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
 * Reads the certificate that an instance shows, valid or not. This connection isn't verified, because its purpose is to
 * show the user what can't be verified. So nothing is sent on it except TLS itself, no request and no credentials, and
 * it closes after the handshake. `inspectViaConfiguredRoute` opens the only other connection of this kind.
 * @param trust what is trusted for the instance so far, if anything
 * @throws LookerError; CanceledError
 */
export async function inspectViaVsCode(
  { baseUrl, timeoutMs }: Pick<Connection, 'baseUrl' | 'timeoutMs'>,
  trust: Trust | undefined,
  signal: AbortSignal,
): Promise<ShownCertificate> {
  return withinLimits({ baseUrl, timeoutMs, signal }, toLookerError, async (signal) => {
    const tls = trust && (await tlsOptions(baseUrl, trust));
    return look(baseUrl, tls, signal);
  });
}

/**
 * The TLS options that verify an instance by its own trust.
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
  // A request that is never ended isn't sent.
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
        // Node declares this as an error, but it is an error code.
        const problem = socket.authorized ? undefined : String(socket.authorizationError);
        resolve({ certificate: certificateOf(shown.toString()), problem });
      });
    });
  } finally {
    unsent.destroy();
  }
}
