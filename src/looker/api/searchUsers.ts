import * as v from 'valibot';
import { UserReply, type LookerUser } from './user';

/** Users that a search finds at once: a page with fewer is the last one. */
export const USERS_PER_PAGE = 50;

/** A page of them; whatever else a server sends is left out. */
export const UsersReply = v.pipe(
  v.array(v.unknown()),
  v.transform((users) => users.slice(0, USERS_PER_PAGE)),
  v.array(UserReply),
);

/** Some of the users that a search finds. */
export interface UserPage {
  readonly users: readonly LookerUser[];
  readonly hasMore: boolean;
}

/** What is asked for, an object a request. `%` matches any text in Looker's searches; case never matters there. */
export function searchTerms(words: string): readonly Record<string, string>[] {
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
  return [{ ...inOneField(`%${first}%`), ...id }];
}

function inOneField(pattern: string): Record<string, string> {
  return { first_name: pattern, last_name: pattern, email: pattern, filter_or: 'true' };
}

function wordsIn(text: string): readonly string[] {
  return text.replaceAll('%', ' ').split(/\s+/).filter(Boolean);
}

/** Of names of several words, such as Ana Paula de Souza, the first and the last are enough. */
function namedSo(first: readonly string[], last: readonly string[]): Record<string, string> {
  return { first_name: `%${first[0] ?? ''}%`, last_name: `%${last.at(-1) ?? ''}%` };
}
