import * as l10n from '@vscode/l10n';
import { formatWait } from '../../looker/numbers';
import type { Event } from '../../base/emitter';
import { systemTimer } from '../../base/timers';
import { withTimeout } from '../../base/withTimeout';

/** The part of VS Code's SecretStorage that is used. */
export interface Secrets {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
  keys(): PromiseLike<string[]>;
  readonly onDidChange: Event<{ readonly key: string }>;
}

/** A keyring may wait for the user to unlock it, and its agent may hang. */
const LONGEST_MS = 10_000;

/**
 * SecretStorage with a time limit, so that callers never hang. VS Code runs an extension's requests one after the other
 * (`SequencerByKey` in mainThreadSecretState.ts). So after one request has timed out, the next ones get a tenth of the
 * time, until one succeeds again: five requests in a row then take about one time limit instead of five.
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
