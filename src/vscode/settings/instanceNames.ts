// The names that users give their instances in `lookerAuth.instances`.
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { InvalidAnswerError } from '../../looker/errors/input';
import { inertName } from '../../looker/inert';
import { parseBaseUrl } from '../../looker/instance/baseUrl';
import { hostOf } from '../../looker/instance/host';

/** A name as it's shown. */
export const InstanceName = v.pipe(
  v.string(),
  v.transform((name) => inertName(name)),
  v.minLength(1),
);

/** Characters of a name, as the setting's schema in `package.json` has it. */
const LONGEST_NAME = 40;

/** A dotted name or an IPv4 address, also with what looks like a dot. It is looked for in a name, which is short. */
const HOST =
  /(?:\d{1,3}[.\u00b7\u2024\u2027\u3002\uff0e\uff61]){3}\d{1,3}|[\p{L}\p{N}_-]+(?:[.\u00b7\u2024\u2027\u3002\uff0e\uff61]\p{L}[\p{L}\p{N}_-]+)+/gu;

/** The name stands where the host would, so it must not say that the instance is another one: any extension may write it. */
export function namesOtherHost(name: string, baseUrl: string): boolean {
  return (name.match(HOST) ?? []).some((host) => host !== new URL(baseUrl).hostname);
}

/**
 * The name to give an instance, as it will be shown.
 * @param others what the other instances are called, by name and host
 * @throws InvalidAnswerError, with a sentence for whoever typed it
 */
export function nameTyped(typed: string, baseUrl: string, others: readonly string[]): string {
  const name = inertName(typed);
  if (name === '') throw new InvalidAnswerError(l10n.t('Enter a name with letters or digits.'));
  if (Array.from(new Intl.Segmenter().segment(typed.slice(0, 1000))).length > LONGEST_NAME) {
    throw new InvalidAnswerError(l10n.t('Enter at most {0} characters.', LONGEST_NAME));
  }
  if (namesOtherHost(name, baseUrl)) {
    throw new InvalidAnswerError(
      l10n.t(
        "A name can't contain the host of another instance. This one is {0}.",
        hostOf(baseUrl),
      ),
    );
  }
  const taken = others.find((other) => inertName(other).toLowerCase() === name.toLowerCase());
  if (taken !== undefined) {
    throw new InvalidAnswerError(
      l10n.t('Another instance is already called {0}.', inertName(taken)),
    );
  }
  return name;
}

/**
 * The entries of the setting with an instance's name changed, added or, with undefined, removed. All else in them stays
 * as it is, also what is wrong there. The first entry for an instance is the one that counts.
 * @param entries what stands in the user's settings, if anything
 * @throws InvalidAnswerError if that is no list, so that nothing in it is lost
 */
export function withName(
  entries: unknown,
  baseUrl: string,
  name: string | undefined,
): readonly unknown[] {
  if (entries !== undefined && !Array.isArray(entries)) {
    throw new InvalidAnswerError(
      l10n.t(
        'The setting "lookerAuth.instances" must be a list. Correct it in your settings, then try again.',
      ),
    );
  }
  const list: readonly unknown[] = entries ?? [];
  const index = list.findIndex((entry) => isFor(baseUrl, entry));
  if (index === -1) return name === undefined ? list : [...list, { url: baseUrl, name }];
  const entry = { ...Object(list[index]) } as Record<string, unknown>;
  if (name === undefined) delete entry['name'];
  else entry['name'] = name;
  return list.with(index, entry);
}

function isFor(baseUrl: string, entry: unknown): boolean {
  const { url } = Object(entry) as { url?: unknown };
  if (typeof url !== 'string') return false;
  try {
    return parseBaseUrl(url) === baseUrl;
  } catch {
    return false;
  }
}
