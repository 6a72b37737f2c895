import type { Request } from 'express';
import type { Instance } from './instance';
import type { Person } from './people';
import { Refusal } from './refusal';
import type { IssuedToken } from './tokens';

/** Who is asking, by which token. */
export interface Caller {
  readonly person: Person;
  readonly token: IssuedToken;
}

/** The token of `Authorization: token …` or `Authorization: Bearer …`, good or not. */
export function tokenIn(request: Request): string | undefined {
  return /^(?:token|bearer) +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** A missing, unknown, revoked and expired token are all refused alike. */
export function callerOf(instance: Instance, request: Request): Caller {
  const token = instance.tokens.find(tokenIn(request) ?? '');
  const person = token && instance.people.withId(token.userId);
  if (!person) throw new Refusal(401, 'Requires authentication.');
  return { person, token };
}
