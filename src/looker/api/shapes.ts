// The shapes of single values from outside: from servers, and from what is stored. What does not fit is refused, or is
// unknown where nothing depends on it.
import * as v from 'valibot';
import { isHost } from '../instance/host';
import { inertName } from '../inert';

/**
 * An access token, as OAuth writes bearer tokens (RFC 6750, 2.1): nothing in it means anything to a shell or ends a
 * header. Looker's are 40 letters and digits.
 */
export const TokenValue = v.pipe(v.string(), v.maxLength(2048), v.regex(/^[A-Za-z0-9._~+/-]+=*$/));

/** A user's ID: an integer in API 3.x, and text in 4.0. Accounts are named after it. */
export const UserId = v.pipe(
  v.union([
    v.pipe(v.string(), v.maxLength(64), v.regex(/^[A-Za-z0-9][\w-]*$/)),
    v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  ]),
  v.transform(String),
);

/** Looker's own release, such as `26.12.3`; undefined for anything else. */
export const ReleaseNumber = v.fallback(
  v.optional(v.pipe(v.string(), v.maxLength(20), v.regex(/^\d+(\.\d+){1,3}$/))),
  undefined,
);

/** What a server calls somebody or something: inert, and empty where nothing of it can be seen. */
export const Name = v.optional(
  v.pipe(
    v.unknown(),
    v.transform((name) => inertName(typeof name === 'string' ? name : '')),
  ),
  '',
);

/** An e-mail address; undefined for anything else. */
export const Email = v.fallback(
  v.optional(
    v.pipe(
      v.string(),
      v.maxLength(254),
      v.check((text) => isEmail(text)),
    ),
  ),
  undefined,
);

function isEmail(text: string): boolean {
  const [, name, host] = /^([\p{L}\p{N}][\p{L}\p{N}._+'-]*)@([^@]+)$/u.exec(text) ?? [];
  return name !== undefined && host !== undefined && isHost(host.toLowerCase());
}
