import { randomInt } from 'node:crypto';
import { isSameSecret } from '../base/sha256';

/** The credentials that Looker's SDKs log in with. They work at one broker only. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The characters that Looker itself uses: one SDK corrupts a secret that contains a percent sign. */
const ALPHANUMERICS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** 262 random bits, which can't be guessed. */
const SECRET_LENGTH = 44;

export function randomCredentials(): Credentials {
  return { clientId: randomText(20), clientSecret: randomText(SECRET_LENGTH) };
}

/** Stands in for a Looker token in the terminal. */
export function randomToken(): string {
  return randomText(SECRET_LENGTH);
}

/** Always compares both halves, so that its time doesn't tell which one is wrong: see {@link isSameSecret}. */
export function isSame(ours: Credentials, theirs: Partial<Credentials>): boolean {
  const sameId = isSameSecret(ours.clientId, theirs.clientId ?? '');
  const sameSecret = isSameSecret(ours.clientSecret, theirs.clientSecret ?? '');
  return sameId && sameSecret;
}

function randomText(length: number): string {
  return Array.from({ length }, () => ALPHANUMERICS[randomInt(ALPHANUMERICS.length)]).join('');
}

/**
 * The token of a request, in either form that Looker accepts (`Authorization: token …`, `Bearer …`).
 * @returns '' if there is none
 */
export function tokenIn(authorization: string | undefined): string {
  return /^(?:token|bearer) +(\S{1,200}) *$/i.exec(authorization ?? '')?.[1] ?? '';
}

/**
 * The credentials in a login request: from the body or the query (Looker's own way), or from HTTP Basic (RFC 6749,
 * 2.3.1).
 * @param form `application/x-www-form-urlencoded`
 */
export function credentialsIn(
  query: string,
  form: string,
  authorization: string | undefined,
): Partial<Credentials> {
  for (const text of [form, query]) {
    const fields = new URLSearchParams(text);
    const [clientId, clientSecret] = [fields.get('client_id'), fields.get('client_secret')];
    if (clientId !== null && clientSecret !== null) return { clientId, clientSecret };
  }
  const [, basic = ''] = /^basic +([\w+/=-]{1,500}) *$/i.exec(authorization ?? '') ?? [];
  const [clientId = '', clientSecret = ''] = Buffer.from(basic, 'base64').toString().split(':', 2);
  return { clientId, clientSecret };
}
