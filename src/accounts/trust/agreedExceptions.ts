import * as v from 'valibot';
import { WeakerProtectionError } from '../../looker/errors/protection';
import type { Exception } from '../../looker/instance/protection';
import type { Log } from '../../base/log';
import type { Secrets } from '../store/secrets';

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

  constructor(
    private readonly secrets: Secrets,
    private readonly log: Log,
  ) {}

  /**
   * Checks that the user has agreed to the exceptions in force.
   * @throws WeakerProtectionError if they haven't, or their agreement can't be read
   */
  async check(baseUrl: string, inForce: readonly Exception[]): Promise<void> {
    const areAgreed = (agreed: readonly string[]) => inForce.every((one) => agreed.includes(one));
    const here = this.here.get(baseUrl) ?? [];
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

  /** Forgets the agreement, because the instance has no accounts anymore: the next login asks again. */
  async forget(baseUrl: string): Promise<void> {
    this.here.delete(baseUrl);
    try {
      await this.secrets.delete(PREFIX + baseUrl);
    } catch (error) {
      this.log.warn(`Couldn't forget what you agreed to for ${baseUrl}: ${String(error)}`);
    }
  }

  private async read(baseUrl: string): Promise<readonly string[]> {
    try {
      const parsed = v.safeParse(StoredExceptions, await this.secrets.get(PREFIX + baseUrl));
      return parsed.success ? parsed.output : [];
    } catch (error) {
      this.log.warn(`Couldn't read what you agreed to for ${baseUrl}: ${String(error)}`);
      return [];
    }
  }
}
