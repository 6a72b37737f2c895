import * as v from 'valibot';
import { printableName } from './printable';

/** A Looker user, as far as login needs to know them. */
export interface LookerUser {
  /** An integer in API 3.x, a string in 4.0; always a string here. */
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly isDisabled: boolean;
}

const text = v.nullish(v.string());

/** Ids are numbers in all releases there are, written as text in 4.0; accounts are named after them. */
export const UserId = v.pipe(
  v.union([v.pipe(v.string(), v.regex(/^[\w-]+$/)), v.pipe(v.number(), v.safeInteger())]),
  v.transform(String),
);

/** An id as Looker writes it: it takes 007 for 7. */
export function userIdOf(typed: string): string {
  return typed.replace(/^0+(?=\d)/, '');
}

/** Body of `GET /user`, and one item of `GET /users/search`. */
export const UserReply = v.pipe(
  v.object({
    id: UserId,
    display_name: text,
    first_name: text,
    last_name: text,
    email: text,
    is_disabled: v.nullish(v.boolean()),
  }),
  v.transform((reply): LookerUser => {
    const { id } = reply;
    const email = printableName(reply.email);
    return {
      id,
      name:
        printableName(reply.display_name) ||
        printableName(`${reply.first_name ?? ''} ${reply.last_name ?? ''}`) ||
        email ||
        printableName(`User ${id}`),
      ...(email && { email }),
      isDisabled: reply.is_disabled ?? false,
    };
  }),
);

/** The fields UserReply reads, for the `fields` parameter. */
export const USER_FIELDS = 'id,display_name,first_name,last_name,email,is_disabled';
