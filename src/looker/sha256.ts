import { createHash } from 'node:crypto';

/** The SHA-256 hash of a text, in hex: it tells texts apart without containing them. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
