import * as v from 'valibot';
import { UserResponse, type LookerUser } from './user';

/** Users per page of a search: a page with fewer is the last one. */
export const USERS_PER_PAGE = 50;

/**
 * One page of users; anything beyond its limit is ignored. A user who can't be read is left out. If none can be read,
 * the response isn't Looker's.
 */
export const UsersResponse = v.pipe(
  v.array(v.unknown()),
  v.transform((all) => {
    const page = all.slice(0, USERS_PER_PAGE);
    return { users: page.flatMap(userIn), length: page.length };
  }),
  v.check(({ users, length }) => users.length > 0 || length === 0),
);

function userIn(item: unknown): readonly LookerUser[] {
  const user = v.safeParse(UserResponse, item);
  return user.success ? [user.output] : [];
}

/** One page of the users that a search finds. */
export interface UserPage {
  readonly users: readonly LookerUser[];
  readonly hasMore: boolean;
}

/** Longer text isn't searched for, in characters: no email address is longer, and a URL must not be too long. */
const LONGEST_SEARCH = 254;

/** An email address, also beside a name: `Grace Hopper <grace@acme.com>`. */
const EMAIL = /[\p{L}\p{N}._+'-]+@[\p{L}\p{N}.-]*[\p{L}\p{N}]/u;

/** Characters that may be other ones in Looker, such as quotes, invisible characters, and those of {@link inertName}. */
const UNSURE = /[^\p{L}\p{M}\p{N}\p{So}@._+-]+/gu;

/** Query parameters, one object per request. `%` matches any text in Looker's searches, which ignore case. */
export function searchTerms(typed: string): readonly Record<string, string>[] {
  const words = typed.slice(0, LONGEST_SEARCH).normalize('NFC');
  const [email] = EMAIL.exec(words) ?? [];
  if (email !== undefined) return [inOneField(`%${email}%`)];
  const [lastName, firstName] = words.split(',', 2).map(wordsIn);
  if (lastName?.length && firstName?.length) return [namedSo(firstName, lastName)];
  const all = wordsIn(words.replaceAll(',', ' '));
  const [first, second] = all;
  if (first === undefined) return [{}];
  if (second !== undefined) {
    const reversed = all.toReversed();
    // Ana Paula may be a first name, and de Souza a last one.
    return [namedSo(all, all), namedSo(reversed, reversed), inOneField(`%${all.join('%')}%`)];
  }
  const id = /^\d+$/.test(first) && { id: first };
  return [{ ...inOneField(`%${first}%`), ...id }, ...namesIn(first)];
}

/** Whole names in scripts that write the last name first, without a blank. Longer ones would take too many requests. */
const EAST_ASIAN =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{2,5}$/u;

/** A name without a blank as last and first name, wherever the first one begins. */
function namesIn(word: string): readonly Record<string, string>[] {
  if (!EAST_ASIAN.test(word)) return [];
  const letters = Array.from(word);
  return letters.slice(1).map((_, index) => ({
    last_name: letters.slice(0, index + 1).join(''),
    first_name: letters.slice(index + 1).join(''),
  }));
}

function inOneField(pattern: string): Record<string, string> {
  return { first_name: pattern, last_name: pattern, email: pattern, filter_or: 'true' };
}

function wordsIn(text: string): readonly string[] {
  return text
    .split(/[\s%]+/)
    .map((word) => word.replace(UNSURE, '%').replace(/^%|%$/g, ''))
    .filter(Boolean);
}

/** For names of several words, such as Ana Paula de Souza, the first and the last word are enough. */
function namedSo(first: readonly string[], last: readonly string[]): Record<string, string> {
  return { first_name: `%${first[0] ?? ''}%`, last_name: `%${last.at(-1) ?? ''}%` };
}
