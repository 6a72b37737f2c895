import { generate } from 'selfsigned';
import type { Certificate } from '../standIn/certificate';

export interface CertificateOptions {
  /** Host names in it; those made of digits are addresses. */
  readonly hosts?: readonly string[];
  readonly from?: Date;
  readonly to?: Date;
  /** Its issuer; self-signed if omitted. */
  readonly signedBy?: Certificate;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A certificate authority that no machine trusts. */
export async function authority(name = 'Acme Private CA'): Promise<Certificate> {
  return await make(name, {}, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
}

/** A server's certificate, which can't sign others. */
export async function serverCertificate({
  hosts = ['localhost', '127.0.0.1'],
  ...options
}: CertificateOptions = {}): Promise<Certificate> {
  return await make(hosts[0] ?? '', options, [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: hosts.map((host) =>
        /^[\d.]+$/.test(host) ? { type: 7 as const, ip: host } : { type: 2 as const, value: host },
      ),
    },
  ]);
}

async function make(
  name: string,
  {
    from = new Date(Date.now() - DAY_MS),
    to = new Date(Date.now() + 30 * DAY_MS),
    signedBy,
  }: CertificateOptions,
  extensions: NonNullable<Parameters<typeof generate>[1]>['extensions'],
): Promise<Certificate> {
  const attributes = [
    { name: 'organizationName', value: 'Acme' },
    { name: 'commonName', value: name },
  ];
  const { cert, private: key } = await generate(attributes, {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: from,
    notAfterDate: to,
    ...(extensions && { extensions }),
    ...(signedBy && { ca: signedBy }),
  });
  return { cert, key };
}
