import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What proves that whoever redeems a code is who asked for it (PKCE, RFC 7636). */
export interface ProofKey {
  /** Stays in memory until the code is redeemed. */
  readonly verifier: string;
  /** Goes along with the request for the code. Tells nothing of the verifier. */
  readonly challenge: string;
}

/** A new proof key, of 32 random bytes as RFC 7636 recommends (4.1). */
export function newProofKey(): ProofKey {
  const verifier = randomText();
  return { verifier, challenge: challengeOf(verifier) };
}

/** `S256`: base64url without padding (RFC 7636, 4.2). */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier, 'ascii').digest('base64url');
}

/** A `state` that nobody can guess. VS Code decodes and encodes URLs on their way, so it has no sign that this changes. */
export function newState(): string {
  return randomText();
}

/** Whether two texts are the same, in a time that does not tell how much of them is. */
export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(hashOf(one), hashOf(other));
}

function randomText(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
