// The names that users give their instances in `lookerAuth.instances`.
import { domainToASCII } from 'node:url';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { InvalidAnswerError } from '../../looker/errors/input';
import { charactersIn, inertName } from '../../looker/inert';
import { tryBaseUrl } from '../../looker/instance/baseUrl';
import { hostOf, indexOfInstance } from '../../looker/instance/host';

/** A name as it is shown. */
export const InstanceName = v.pipe(
  v.string(),
  v.transform((name) => inertName(name)),
  v.check(
    (name) => name !== '',
    () => l10n.t('"name" must have at least one letter or digit.'),
  ),
);

/** Longest name, in characters, as in the setting's schema in `package.json`. */
const LONGEST_NAME = 40;

/** Characters that look like a dot. Some of them are letters to Unicode. */
const DOTS = /[\u00b7\u06d4\u0701\u2024\u2027\u2219\u22c5\u3002\u30fb\ua4f8\uff61]/g;

/** A dotted name, an IPv4 address, or `localhost`. Names are short, so this is fast. */
const HOST =
  /(?<![\p{L}\p{N}_-])localhost(?![\p{L}\p{N}_-])|(?:\d{1,3}\.){3}\d{1,3}|[\p{L}\p{N}_-]+(?:\.\p{L}[\p{L}\p{N}_-]+)+/giu;

const CJK = String.raw`[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}]`;

/** Dots that only divide words: in Chinese, Japanese and Korean (`本番・東京`), and within a word (`col·legi`). */
const DIVIDER = new RegExp(
  String.raw`(?<=${CJK})[\u00b7\u30fb](?=${CJK})|(?<=l)\u00b7(?=l)`,
  'giu',
);

/**
 * Two capitalized words in Latin letters. A host isn't shown like that, so this one only is if it ends like one. Letters
 * of other scripts may look like such an end.
 */
const CAPITALIZED = /^\p{Lu}[\p{scx=Latin}\p{N}]*\.([A-Z][A-Za-z]*)$/u;

/** The most common last parts of hosts. */
const LAST_PARTS = new Set(
  (
    'com net org info biz edu gov int io co ai me app dev cloud tech online site web ' +
    'local lan corp internal intern home test example'
  ).split(' '),
);

/** Whether a name contains another host. The name is shown in place of the host, and any extension can write it. */
export function namesOtherHost(name: string, baseUrl: string): boolean {
  const { hostname } = new URL(baseUrl);
  const dotted = name.normalize('NFKC').replace(DIVIDER, ' ').replace(DOTS, '.');
  const isOwn = (host: string) => domainToASCII(host) === hostname && name.includes(host);
  return (dotted.match(HOST) ?? []).some((host) => !isOwn(host) && !isWords(host, name));
}

/** Whether a dotted text is ordinary words: `St.Gallen`, `Prod·EU`, `Node.js`. */
function isWords(text: string, name: string): boolean {
  // No top-level domain is called that.
  if (text.endsWith('.js')) return true;
  const last = CAPITALIZED.exec(text)?.[1]?.toLowerCase();
  if (last === undefined || LAST_PARTS.has(last)) return false;
  // Countries' domains have two letters. A dot that a host can't have is none of theirs.
  return last.length > 2 || !name.includes(text);
}

/**
 * The name for an instance, as it will be shown.
 * @param others names and hosts of the other instances
 * @throws InvalidAnswerError
 */
export function parseInstanceName(
  typed: string,
  baseUrl: string,
  others: readonly string[],
): string {
  const name = inertName(typed);
  if (name === '')
    throw new InvalidAnswerError(l10n.t('Enter a name with at least one letter or digit.'));
  if (charactersIn(typed.slice(0, 1000)).length > LONGEST_NAME) {
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
 * The setting's entries with an instance's name changed, added, or, if undefined, removed. Everything else stays as it
 * is, even if it is invalid. The first entry for an instance counts.
 * @param entries the value in the user's settings, if any
 * @throws InvalidAnswerError if it isn't a list, so that nothing in it is lost
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
  const index = indexOfInstance(list.map(urlIn), baseUrl);
  if (index === -1) return name === undefined ? list : [...list, { url: baseUrl, name }];
  const entry = { ...Object(list[index]) } as Record<string, unknown>;
  if (name === undefined) delete entry['name'];
  else entry['name'] = name;
  return list.with(index, entry);
}

function urlIn(entry: unknown): string | undefined {
  const { url } = Object(entry) as { url?: unknown };
  return typeof url === 'string' ? tryBaseUrl(url) : undefined;
}
