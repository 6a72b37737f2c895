import * as l10n from '@vscode/l10n';
import type { IncomingMessage } from '../listener';
import { RequestRefusal } from '../requestRefusal';

/** Far more than any login or workspace selection needs. */
const MOST_BYTES = 8 * 1024;

/** Plenty of time for a program on the same machine. */
const LONGEST_MS = 10_000;

/**
 * Reads the body of a request that the broker handles itself.
 * @throws RequestRefusal if it is too long or takes too long
 */
export async function readShortBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const timer = setTimeout(() => request.destroy(), LONGEST_MS);
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > MOST_BYTES) throw new RequestRefusal(413, l10n.t('This request is too large.'));
      chunks.push(chunk as Buffer);
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks);
}
