import * as v from 'valibot';
import { WeakerProtectionError } from '../../looker/errors/protection';
import type { Exception } from '../../looker/instance/protection';
import type { Log } from '../../base/log';
import type { Secrets } from '../store/secrets';
import { UnknownAgreementError } from './unknownAgreementError';

const PREFIX = 'lookerAuth.agreed:';

/** Schema of the stored value. Anything else counts as no agreement. */
const StoredExceptions = v.pipe(v.string(), v.parseJson(), v.array(v.string()));

/**
 * The exceptions that the user has agreed to, by instance. Settings alone aren't enough, since any extension can write
 * them. Stored agreements are read every time, so that all windows see changes at once.
 */
export class AgreedExceptions {
  /** Agreements from this window, which count here even if they can't be stored. */
  private readonly here = new Map<string, readonly Exception[]>();
  /** What was last read, for when the keyring fails: a logout, for example, must still reach the instance. */
  private readonly lastRead = new Map<string, readonly string[]>();
  /** Agreements of instances whose last tokens are being revoked. Another window may have deleted what is stored. */
  private readonly leaving = new Map<string, readonly string[]>();

  constructor(
    private readonly secrets: Secrets,
    private readonly log: Log,
  ) {}

  /**
   * Checks that the user has agreed to the exceptions in force.
   * @throws WeakerProtectionError if they haven't; UnknownAgreementError if their agreement can't be read
   */
  async check(baseUrl: string, inForce: readonly Exception[]): Promise<void> {
    const areAgreed = (agreed: readonly string[]) => inForce.every((one) => agreed.includes(one));
    const here = [...(this.here.get(baseUrl) ?? []), ...(this.leaving.get(baseUrl) ?? [])];
    if (areAgreed(here)) return;
    if (!areAgreed([...here, ...(await this.read(baseUrl))])) {
      throw new WeakerProtectionError(baseUrl, inForce);
    }
  }

  /** Takes effect in this window at once, and in the others once it is stored. */
  async agree(baseUrl: string, exceptions: readonly Exception[]): Promise<void> {
    this.log.info(`You agreed to less protection for ${baseUrl}: ${exceptions.join(', ')}.`);
    this.here.set(baseUrl, exceptions);
    try {
      await this.secrets.store(PREFIX + baseUrl, JSON.stringify(exceptions));
    } catch (error) {
      this.log.warn(`Couldn't save what you agreed to for ${baseUrl}: ${String(error)}`);
    }
  }

  /**
   * Forgets the agreement, because the instance has no accounts anymore: the next login asks again. Requests that revoke
   * the last tokens still need it.
   * @param isUnused resolves once these are done, with whether the instance still has no accounts
   */
  async forget(baseUrl: string, isUnused: Promise<boolean>): Promise<void> {
    const here = this.here.get(baseUrl);
    this.leaving.set(baseUrl, [...(here ?? []), ...(await this.read(baseUrl).catch(() => []))]);
    const isForgotten = await isUnused;
    this.leaving.delete(baseUrl);
    // The user may have agreed again in the meantime.
    if (!isForgotten || this.here.get(baseUrl) !== here) return;
    this.here.delete(baseUrl);
    this.lastRead.delete(baseUrl);
    try {
      await this.secrets.delete(PREFIX + baseUrl);
    } catch (error) {
      this.log.warn(`Couldn't forget what you agreed to for ${baseUrl}: ${String(error)}`);
    }
  }

  /** @throws UnknownAgreementError if it can't be read, and hasn't been read before */
  private async read(baseUrl: string): Promise<readonly string[]> {
    try {
      const parsed = v.safeParse(StoredExceptions, await this.secrets.get(PREFIX + baseUrl));
      const agreed = parsed.success ? parsed.output : [];
      this.lastRead.set(baseUrl, agreed);
      return agreed;
    } catch (error) {
      this.log.warn(`Couldn't read what you agreed to for ${baseUrl}: ${String(error)}`);
      const agreed = this.lastRead.get(baseUrl);
      if (!agreed) throw new UnknownAgreementError(baseUrl, error);
      return agreed;
    }
  }
}
