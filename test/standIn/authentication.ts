import type { Request } from 'express';
import { tokenIn } from './authorization';
import type { Instance } from './instance';
import type { Person } from './people';
import { Refusal } from './refusal';
import type { IssuedToken } from './tokens';

/** The sender of a request, and its token. */
export interface Caller {
  readonly person: Person;
  readonly token: IssuedToken;
}

/** A missing, unknown, revoked and expired token are all refused in the same way. */
export function callerOf(instance: Instance, request: Request): Caller {
  const token = instance.tokens.find(tokenIn(request) ?? '');
  const person = token && instance.people.withId(token.userId);
  if (!person) throw new Refusal(401, 'Requires authentication.');
  return { person, token };
}
