import * as l10n from '@vscode/l10n';
import { Refusal } from '../refusedRequest';

/** What a request asks for. */
export interface Target {
  /** Path and query, as they go to the instance. */
  readonly text: string;
  /** Below the `?`, without it. */
  readonly query: string;
  /**
   * The segments of the path in lower case, once for each way in which a server may read them: as they are written,
   * with each further round of percent-decoding, and with letters that look like others in place of those.
   */
  readonly readings: readonly (readonly string[])[];
}

/** What RFC 3986 (3.3) lets a path hold. Without `;`, which some servers cut off together with what follows it. */
const PATH = /^\/(?:[\w\-.~!$&'()*+,=:@/]|%[\dA-Fa-f]{2})*$/;

/** Whatever can be seen but `#`, which ends a query. */
const QUERY = /^[!"$-~]*$/;

/** A value that is encoded more often says something else to each server that reads it. */
const MOST_ROUNDS = 3;

/**
 * Reads the target of a request line in origin form (RFC 9112, 3.2.1). Repeated slashes count as one, since an SDK with
 * a slash at the end of its base URL sends two.
 * @throws Refusal where two servers could read it in two ways
 */
export function readTarget(target: string): Target {
  const mark = target.indexOf('?');
  const path = (mark < 0 ? target : target.slice(0, mark)).replace(/\/+/g, '/');
  const query = mark < 0 ? '' : target.slice(mark + 1);
  if (!PATH.test(path) || !QUERY.test(query)) throw unclear();
  return { text: mark < 0 ? path : `${path}?${query}`, query, readings: readingsOf(path) };
}

function readingsOf(path: string): readonly (readonly string[])[] {
  const readings = [segmentsOf(path)];
  let text = path;
  for (let next = decode(text); next !== text; next = decode(text)) {
    if (readings.length > MOST_ROUNDS) throw unclear();
    readings.push(segmentsOf(next));
    text = next;
  }
  const plain = plainLetters(text);
  return plain === text ? readings : [...readings, segmentsOf(plain)];
}

/** @throws Refusal where these are no names alone */
function segmentsOf(text: string): readonly string[] {
  // eslint-disable-next-line no-control-regex -- these are what must not be in it
  if (/[\0-\x1f\x7f]/.test(text)) throw unclear();
  const segments = text
    .split(/[/\\]/)
    .map((segment) => segment.replace(/;.*/s, '').trim().toLowerCase())
    .filter((segment) => segment !== '');
  if (segments.some((segment) => segment === '.' || segment === '..')) throw unclear();
  return segments;
}

/** Byte by byte: whether the bytes are UTF-8 does not matter to what they are compared with. */
function decode(text: string): string {
  return text.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
}

/** With letters in place of those that look like them and may mean the same, such as `／` and `ｌ`. */
function plainLetters(bytes: string): string {
  return /^[ -~]*$/.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString().normalize('NFKC');
}

/** For a path that two servers could read in two ways. */
export function unclear(): Refusal {
  return new Refusal(
    400,
    l10n.t("Looker Auth doesn't pass on this request, because its path can be read in two ways."),
  );
}
