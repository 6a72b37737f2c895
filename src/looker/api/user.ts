import * as v from 'valibot';
import { inertName } from '../inert';
import { Email, Name, UserId } from './shapes';

/** A Looker user, with the fields that Looker Auth needs. */
export interface LookerUser {
  /** An integer in API 3.x, a string in 4.0; always a string here. */
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly isDisabled: boolean;
  /** Looker has sent only the name, as it does for users who aren't admins. */
  readonly isNameOnly?: true;
}

/** A user ID as Looker writes it: Looker accepts 007 for 7. */
export function userIdOf(typed: string): string {
  return typed.replace(/^0+(?=\d)/, '');
}

/** Body of `GET /user`, and one item of `GET /users/search`. */
export const UserResponse = v.pipe(
  v.object({
    id: UserId,
    display_name: Name,
    first_name: Name,
    last_name: Name,
    email: Email,
    is_disabled: v.fallback(v.nullish(v.boolean()), undefined),
  }),
  v.transform((response): LookerUser => {
    const { id } = response;
    const email = response.email ?? undefined;
    return {
      id,
      name:
        [
          response.display_name,
          inertName(`${response.first_name} ${response.last_name}`),
          inertName(email),
        ].find(Boolean) ?? `User ${id}`,
      ...(email !== undefined && { email }),
      isDisabled: response.is_disabled ?? false,
      ...(email === undefined && response.is_disabled == null && { isNameOnly: true }),
    };
  }),
);

/** The fields UserResponse reads, for the `fields` parameter. */
export const USER_FIELDS = 'id,display_name,first_name,last_name,email,is_disabled';
