import * as v from 'valibot';
import { certificateOf, type Certificate } from '../looker/certificate';
import type { MemoryOptions } from './knownAccounts';

/** A certificate that the user has trusted for one instance. Nothing of it is secret. */
export interface TrustedCertificate {
  readonly baseUrl: string;
  readonly certificate: Certificate;
  /** Epoch ms. */
  readonly trustedAt: number;
}

const PREFIX = 'lookerAuth.certificate:';

/** What is remembered. An entry that does not fit is left alone and trusts nobody. */
const StoredCertificate = v.object({
  pem: v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        return certificateOf(dataset.value);
      } catch {
        addIssue({ message: 'is no certificate' });
        return NEVER;
      }
    }),
  ),
  trustedAt: v.number(),
});

/**
 * The server certificates that the user has looked at and trusted, one an instance. Each is worth something
 * for that instance alone, and until it is forgotten; no window has to be opened again for it.
 */
export class TrustedCertificates {
  constructor(private readonly options: MemoryOptions) {}

  /** All of them, by instance. */
  all(): readonly TrustedCertificate[] {
    return this.options.memento
      .keys()
      .filter((key) => key.startsWith(PREFIX))
      .flatMap((key) => this.get(key.slice(PREFIX.length)) ?? [])
      .sort((a, b) => a.baseUrl.localeCompare(b.baseUrl));
  }

  get(baseUrl: string): TrustedCertificate | undefined {
    const parsed = v.safeParse(StoredCertificate, this.options.memento.get(PREFIX + baseUrl));
    if (!parsed.success) return undefined;
    const { pem: certificate, trustedAt } = parsed.output;
    return { baseUrl, certificate, trustedAt };
  }

  trust(baseUrl: string, { pem, fingerprint }: Certificate): void {
    const { log, clock } = this.options;
    log.info(`Trusted for ${baseUrl} from now on: the certificate ${fingerprint}.`);
    this.write(baseUrl, { pem, trustedAt: clock.now() });
  }

  forget(baseUrl: string): void {
    this.options.log.info(`Forgot the trusted certificate of ${baseUrl}.`);
    this.write(baseUrl, undefined);
  }

  /** To be read again at once; nobody waits until it is on disk. */
  private write(baseUrl: string, value: unknown): void {
    const { memento, log } = this.options;
    memento.update(PREFIX + baseUrl, value).then(undefined, (error: unknown) => {
      log.warn(`Could not store which certificate of ${baseUrl} is trusted: ${String(error)}`);
    });
  }
}
