import { createHash } from 'node:crypto';
import { isLoopback } from './host';

/**
 * A way in which one instance is protected less than others: requests are not encrypted, the API key is in the URL, or
 * the certificates in a file (the SHA-256 of them) vouch for it in place of the system's. A certificate that the user
 * has looked at and trusted is none: they have agreed to it already.
 */
export type Exception = 'plainHttp' | 'credentialsInQuery' | `caFile ${string}`;

/** What makes exceptions. */
export interface ProtectionSettings {
  readonly baseUrl: string;
  readonly plainHttp: boolean;
  readonly credentialsInQuery: boolean;
}

/**
 * The exceptions in force for an instance.
 * @param caCertificates PEM, those of its CA file where that is what vouches for it
 */
export function exceptionsOf(
  { baseUrl, plainHttp, credentialsInQuery }: ProtectionSettings,
  caCertificates?: readonly string[],
): readonly Exception[] {
  const isPlain = plainHttp && baseUrl.startsWith('http:') && !isLoopback(baseUrl);
  return [
    ...(isPlain ? (['plainHttp'] as const) : []),
    ...(credentialsInQuery ? (['credentialsInQuery'] as const) : []),
    ...(caCertificates ? ([`caFile ${hashOf(caCertificates)}`] as const) : []),
  ];
}

function hashOf(certificates: readonly string[]): string {
  return createHash('sha256').update(certificates.join('\n')).digest('hex');
}
