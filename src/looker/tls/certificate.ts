import { X509Certificate } from 'node:crypto';
import { cut, inertText } from '../inert';

/** A server's certificate, with the parts that people compare. */
export interface Certificate {
  readonly pem: string;
  /** The owner and the issuer, such as `O=Acme, CN=looker.acme.dev`. Not verified: anyone can write any name. */
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** SHA-256 of the whole certificate, as `AA:BB:…`. */
  readonly fingerprint: string;
}

const NO_NAME = '-';

/** Longer names would push the parts to compare out of sight. */
const LONGEST_NAME = 120;

/** @param pem only its first certificate is read @throws Error if there is none, or it is damaged */
export function certificateOf(pem: string): Certificate {
  const certificate = new X509Certificate(pem);
  return {
    pem: certificate.toString(),
    subject: shortName(certificate.subject),
    issuer: shortName(certificate.issuer),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    fingerprint: certificate.fingerprint256,
  };
}

/**
 * The CA that both certificates name, if they have the same subject: one may be a renewal of the other. This proves
 * nothing, since anyone can make a certificate with any name in it.
 */
export function sameCa(one: Certificate, other: Certificate): string | undefined {
  const { subject, issuer } = one;
  const isSame = issuer === other.issuer && subject === other.subject;
  return isSame && issuer !== subject && issuer !== NO_NAME ? issuer : undefined;
}

/** Joins the parts of a name, which Node puts on separate lines. An empty name is undefined in Node. */
function shortName(name: string | undefined): string {
  const parts = inertText((name ?? '').trim().replaceAll('\n', ', '));
  return cut(parts, LONGEST_NAME) || NO_NAME;
}
