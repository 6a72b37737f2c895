import { createHash, randomBytes } from 'node:crypto';

/** Proves that a code is redeemed by the client that requested it (PKCE, RFC 7636). */
export interface ProofKey {
  /** Stays in memory until the code is redeemed. */
  readonly verifier: string;
  /** Sent with the request for the code. Reveals nothing about the verifier. */
  readonly challenge: string;
}

/** Creates a proof key of 32 random bytes, as RFC 7636 recommends (4.1). */
export function newProofKey(): ProofKey {
  const verifier = randomText();
  return { verifier, challenge: challengeOf(verifier) };
}

/** `S256`: base64url without padding (RFC 7636, 4.2). */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier, 'ascii').digest('base64url');
}

/**
 * Creates an unguessable `state`. VS Code decodes and encodes URLs, so it contains only characters that survive that.
 */
export function newState(): string {
  return randomText();
}

function randomText(): string {
  return randomBytes(32).toString('base64url');
}
