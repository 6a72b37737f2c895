import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

/** What SDKs of Looker log in with. These are worth something at one broker alone. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** As Looker makes its own: one SDK changes a secret that has a percent sign in it. */
const ALPHANUMERICS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** 262 random bits: nobody guesses it, whoever may try. */
const SECRET_LENGTH = 44;

export function randomCredentials(): Credentials {
  return { clientId: randomText(20), clientSecret: randomText(SECRET_LENGTH) };
}

/** Takes a token's place in the terminal. */
export function randomToken(): string {
  return randomText(SECRET_LENGTH);
}

/** Whether these are those, in a time that says nothing about how much of them is right. */
export function isSame(ours: Credentials, theirs: Partial<Credentials>): boolean {
  const sameId = isSameText(ours.clientId, theirs.clientId ?? '');
  const sameSecret = isSameText(ours.clientSecret, theirs.clientSecret ?? '');
  return sameId && sameSecret;
}

/** By what a token is looked up: how long that takes says nothing about the token. */
export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

/** Digests have one length, so that the length of a guess says nothing either. */
function isSameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function randomText(length: number): string {
  return Array.from({ length }, () => ALPHANUMERICS[randomInt(ALPHANUMERICS.length)]).join('');
}

/**
 * The token that a request carries, in either way that Looker knows (`Authorization: token …`, `Bearer …`).
 * @returns '' where there is none
 */
export function tokenIn(authorization: string | undefined): string {
  return /^(?:token|bearer) +(\S{1,200}) *$/i.exec(authorization ?? '')?.[1] ?? '';
}

/**
 * The credentials in a login: of the body or the query (Looker's own), or of HTTP Basic (RFC 6749, 2.3.1).
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
