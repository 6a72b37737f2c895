import { X509Certificate } from 'node:crypto';
import { cut, inertText } from '../inert';

/** A server's certificate, and what people compare of it. */
export interface Certificate {
  readonly pem: string;
  /** Whom it is for and who has signed it, such as `O=Acme, CN=looker.acme.dev`. Whoever made it wrote that. */
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** SHA-256 of the whole, as `AA:BB:…`. */
  readonly fingerprint: string;
}

const NO_NAME = '-';

/** Longer names would push what has to be compared out of sight. */
const LONGEST_NAME = 120;

/** @param pem the first certificate in it counts @throws Error where there is none, or a damaged one */
export function certificateOf(pem: string): Certificate {
  const certificate = new X509Certificate(pem);
  return {
    pem: certificate.toString(),
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    fingerprint: certificate.fingerprint256,
  };
}

/**
 * The CA that both certificates name, if they are for the same subject: the one may be a renewal of the other. It proves
 * nothing, since whoever makes a certificate may write any name in it.
 */
export function sameCa(one: Certificate, other: Certificate): string | undefined {
  const { subject, issuer } = one;
  const isSame = issuer === other.issuer && subject === other.subject;
  return isSame && issuer !== subject && issuer !== NO_NAME ? issuer : undefined;
}

/** Node puts each part of a name on a line of its own, and leaves an empty name undefined. */
function oneLine(name: string | undefined): string {
  const parts = inertText((name ?? '').trim().replaceAll('\n', ', '));
  return cut(parts, LONGEST_NAME) || NO_NAME;
}
