// Schemas of single values from outside, sent by servers or read from storage. An invalid value is refused, or becomes
// undefined if nothing depends on it.
import * as v from 'valibot';
import { isHost } from '../instance/host';
import { inertName } from '../inert';

/**
 * An access token with the characters of OAuth bearer tokens (RFC 6750, 2.1): none of them has a meaning in a shell or
 * ends a header. Looker's are 40 letters and digits.
 */
export const TokenValue = v.pipe(v.string(), v.maxLength(2048), v.regex(/^[A-Za-z0-9._~+/-]+=*$/));

/** A refresh token as OAuth defines it (RFC 6749, appendix A.17), without blanks. */
export const RefreshToken = v.pipe(v.string(), v.maxLength(4096), v.regex(/^[\x21-\x7e]+$/));

/** A text that isn't empty. */
export const Text = v.pipe(v.string(), v.minLength(1));

/** A whole number, zero or more. */
export const Count = v.pipe(
  v.number(),
  v.check((count) => Number.isSafeInteger(count) && count >= 0),
);

/** A time in epoch ms, or a span in ms, as far as dates go: a number in a file may be too large for one. */
export const Milliseconds = v.pipe(
  v.number(),
  v.check((ms) => !Number.isNaN(new Date(ms).getTime())),
);

/** A user's ID: an integer in API 3.x, text in 4.0. It is part of an account's ID. */
export const UserId = v.pipe(
  v.union([v.pipe(v.string(), v.maxLength(64), v.regex(/^[A-Za-z0-9][\w-]*$/)), Count]),
  v.transform(String),
);

/** Looker's own release, such as `26.12.3`; null or undefined for anything else. */
export const ReleaseNumber = v.fallback(
  v.nullish(v.pipe(v.string(), v.maxLength(20), v.regex(/^\d+(\.\d+){1,3}$/))),
  undefined,
);

/** A display name from a server: made inert, and empty if nothing visible is left. */
export const Name = v.exactOptional(
  v.pipe(
    v.unknown(),
    v.transform((name) => inertName(typeof name === 'string' ? name : '')),
  ),
  '',
);

/** An email address; null or undefined for anything else. */
export const Email = v.fallback(
  v.nullish(
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
