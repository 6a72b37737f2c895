import { createHash, timingSafeEqual } from 'node:crypto';

/** The SHA-256 hash of a text, in hex: it tells texts apart without containing them. */
export function sha256(text: string): string {
  return digest(text).toString('hex');
}

/** Compares two texts in constant time, so that the time reveals nothing about a secret, not even its length. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
