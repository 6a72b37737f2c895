import { sha256 } from '../../base/sha256';
import { isLoopback } from './host';

/**
 * A way in which one instance is protected less than others: requests aren't encrypted, the API key is in the URL, or a
 * file's certificates (identified by their SHA-256) are trusted in place of the system's. A certificate that the user
 * has inspected and trusted isn't an exception: they have already agreed to it.
 */
export type Exception = 'plainHttp' | 'credentialsInQuery' | `caFile ${string}`;

/** The settings that can make exceptions. */
export interface ProtectionSettings {
  readonly baseUrl: string;
  readonly plainHttp: boolean;
  readonly credentialsInQuery: boolean;
}

/**
 * The exceptions in force for an instance.
 * @param caCertificates certificates of its CA file in PEM, if a CA file is in use
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
  return sha256(certificates.join('\n'));
}
