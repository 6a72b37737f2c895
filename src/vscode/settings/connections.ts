import { AgreedExceptions } from '../../accounts/trust/agreedExceptions';
import type { Connect } from '../../accounts/connect';
import type { Log } from '../../base/log';
import type { Secrets } from '../../accounts/store/secrets';
import type { TrustedCertificates } from '../../accounts/trust/trustedCertificates';
import { abortable } from '../../looker/cancellation';
import type { Clock, ServerClock } from '../../looker/clock';
import type { Fetch } from '../../looker/network/http';
import { LookerApi } from '../../looker/api/lookerApi';
import { caFileIn } from '../../looker/tls/caFile';
import {
  fetchVerified,
  type AnyInit,
  type AnyResponse,
  type FetchOverTls,
  type OverTls,
  type Trust,
} from '../../looker/tls/privateTls';
import { exceptionsOf, type Exception } from '../../looker/instance/protection';
import { fetchStream } from '../../looker/network/fetchStream';
import type { FetchStream, StreamConnection, StreamedResponse } from '../../looker/network/streams';
import type { Settings } from './settings';

/** Everything that connections need. */
export interface ConnectionParts {
  readonly settings: Settings;
  readonly certificates: TrustedCertificates;
  readonly secrets: Secrets;
  readonly log: Log;
  /** `node-fetch`, for small requests. */
  readonly fetch: FetchOverTls;
  readonly clock: Clock;
  readonly serverClock: (baseUrl: string) => ServerClock;
}

type StreamInit = Parameters<FetchStream>[1];

/** Connections to instances, with the user's settings and only the exceptions that the user has agreed to. */
export interface Connections extends Pick<
  ConnectionParts,
  'certificates' | 'clock' | 'serverClock'
> {
  readonly agreed: AgreedExceptions;
  readonly connect: Connect;
  /** For requests and responses of any size. */
  readonly stream: (baseUrl: string) => StreamConnection;
  /** What the user trusts for an instance, besides what VS Code and the system trust. @throws UnknownTrustError */
  readonly trustIn: (baseUrl: string) => Trust | undefined;
  /** What protects an instance less than others, agreed to or not. @throws CaFileError; UnknownTrustError */
  readonly exceptionsIn: (baseUrl: string) => Promise<ExceptionsInForce>;
}

/** Exceptions and the settings that they come from: another extension may change those at any time. */
export interface ExceptionsInForce {
  readonly exceptions: readonly Exception[];
  /** See {@link InstanceSettings.caFile}. */
  readonly caFile: string | undefined;
}

export function createConnections(parts: ConnectionParts): Connections {
  const { settings, certificates, fetch, clock, serverClock } = parts;
  const agreed = new AgreedExceptions(parts.secrets, parts.log);
  /** A certificate that the user has inspected is the narrower trust, so it takes precedence over a CA file. */
  const trustIn = (baseUrl: string): Trust | undefined => {
    if (!baseUrl.startsWith('https:')) return undefined;
    const { caFile } = settings.instance(baseUrl);
    return certificates.get(baseUrl) ?? (caFile === undefined ? undefined : { caFile });
  };
  const asAgreed = <Init extends AnyInit, Response extends AnyResponse>(
    baseUrl: string,
    fetch: OverTls<Init, Response>,
  ) => {
    const instance = settings.instance(baseUrl);
    const fetchAsAgreed = async (url: string, init: Init) => {
      // The file is read once, so that exactly what the user has agreed to is used. A network folder, or a keyring, may
      // not respond.
      const trust = await abortable(loaded(baseUrl, trustIn(baseUrl)), init.signal);
      const inForce = exceptionsOf(instance, certificatesIn(trust));
      await abortable(agreed.check(baseUrl, inForce), init.signal);
      return fetchVerified(fetch, baseUrl, trust)(url, init);
    };
    return baseUrl.startsWith('https:')
      ? certificates.guard(baseUrl, () => fetchAsAgreed)
      : fetchAsAgreed;
  };
  return {
    certificates,
    agreed,
    clock,
    serverClock,
    trustIn,
    exceptionsIn: async (baseUrl) => {
      if (baseUrl.startsWith('https:')) await certificates.catchUp();
      const instance = settings.instance(baseUrl);
      const trust = await loaded(baseUrl, trustIn(baseUrl));
      return {
        exceptions: exceptionsOf(instance, certificatesIn(trust)),
        caFile: instance.caFile,
      };
    },
    connect: (baseUrl, apiVersion) =>
      new LookerApi({
        ...settings.instance(baseUrl),
        apiVersion,
        timeoutMs: settings.timeoutMs,
        fetch: asAgreed<Parameters<Fetch>[1], Awaited<ReturnType<Fetch>>>(baseUrl, fetch),
        clock,
        serverClock: serverClock(baseUrl),
      }),
    stream: (baseUrl) => ({
      baseUrl,
      plainHttp: settings.instance(baseUrl).plainHttp,
      fetch: asAgreed<StreamInit, StreamedResponse>(baseUrl, fetchStream),
    }),
  };
}

/** @throws CaFileError */
async function loaded(baseUrl: string, trust: Trust | undefined): Promise<Trust | undefined> {
  if (!trust || !('caFile' in trust)) return trust;
  return { caCertificates: await caFileIn(baseUrl, trust.caFile) };
}

function certificatesIn(trust: Trust | undefined): readonly string[] | undefined {
  return trust && 'caCertificates' in trust ? trust.caCertificates : undefined;
}
