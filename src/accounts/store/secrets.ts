import * as l10n from '@vscode/l10n';
import { formatWait } from '../../looker/numbers';
import type { Event } from '../emitter';
import { systemTimer } from '../timers';
import { withTimeout } from '../withTimeout';

/** The slice of VS Code's SecretStorage we use. */
export interface Secrets {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
  keys(): PromiseLike<string[]>;
  readonly onDidChange: Event<{ readonly key: string }>;
}

/** A keyring may wait for its user to unlock it, and an agent of one may hang. */
const LONGEST_MS = 10_000;

/**
 * SecretStorage that answers in time or fails: whoever waits for it is never stuck. VS Code does what an extension asks
 * of it one after the other (`SequencerByKey` in mainThreadSecretState.ts). So after one request that was not answered
 * in time, the next ones are given a tenth of it, until something is answered again: five in a row take one
 * time limit and not five.
 */
export function timeLimited(
  secrets: Secrets,
  longestMs = LONGEST_MS,
  setTimer = systemTimer,
): Secrets {
  let isHanging = false;
  const limit = async <T>(work: PromiseLike<T>): Promise<T> => {
    const answered = () => {
      isHanging = false;
    };
    work.then(answered, answered);
    const toError = () => {
      isHanging = true;
      return new Error(l10n.t('no response within {0}', formatWait(longestMs)));
    };
    return withTimeout(work, isHanging ? longestMs / 10 : longestMs, toError, setTimer);
  };
  return {
    get: (key) => limit(secrets.get(key)),
    store: (key, value) => limit(secrets.store(key, value)),
    delete: (key) => limit(secrets.delete(key)),
    keys: () => limit(secrets.keys()),
    onDidChange: secrets.onDidChange,
  };
}
