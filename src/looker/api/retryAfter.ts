import { httpDate } from '../clock';

/**
 * Reads a `Retry-After` header, seconds or an HTTP date (RFC 9110, 10.2.3).
 * @param now the server's time, in epoch ms
 * @returns ms to wait from now, never negative; undefined if the header can't be parsed
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = httpDate(text);
  return date === undefined ? undefined : Math.max(0, date - now);
}
