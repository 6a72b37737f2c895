/** Words that people and programs write where half of a key belongs. */
const WORDS =
  'your|my|our|the|this|some|insert|enter|put|add|paste|replace|set|fill|with|from|in|here|change|me|' +
  'looker|sdk|api|client|app|id|secret|key|user|name|password|token|credentials?|value|string|' +
  'example|sample|demo|test|dummy|fake|placeholder|todo|tbd|fixme|none|null|undefined|' +
  'redacted|removed|hidden|masked|foo|bar|baz';

/**
 * Such words and nothing else, without what separates and counts them. A run of `x` counts as a word; the look-ahead
 * keeps it whole, so that a long run isn't divided in every possible way.
 */
const ONLY_WORDS = new RegExp(`^(?:${WORDS}|x+(?!x))+$`);

/** A word in one case, which is never random: `REDACTED`, or the name of a variable (`client_id`). */
const PLAIN_WORD = /^(?:[A-Z]?[a-z_]+|[A-Z_]+)$/;

/** Shorter ones can't be told from short random ones. */
const SHORTEST = 4;

/**
 * Whether a value is a placeholder for half of a key: it consists of words or of one repeated character, and so isn't
 * random. A random value of letters, digits, `_` and `-` is never made of these words alone.
 */
export function isPlaceholder(half: string): boolean {
  if (half.length < SHORTEST) return false;
  const letters = half.replace(/[\d_-]/g, '').toLowerCase();
  const isOneCharacter = new Set(half.replace(/[_-]/g, '')).size < 2;
  return isOneCharacter || PLAIN_WORD.test(half) || ONLY_WORDS.test(letters);
}
