import * as l10n from '@vscode/l10n';
import { Refusal } from '../refusedRequest';

/** The target of a request. */
export interface Target {
  /** Path and query as sent to the instance. */
  readonly text: string;
  /** The part after the `?`. */
  readonly query: string;
  /**
   * The path's segments in lower case, once for each way a server may read them: as written, and after each further
   * round of percent-decoding.
   */
  readonly readings: readonly (readonly string[])[];
}

/**
 * The characters that RFC 3986 (3.3) allows in a path, except `;`: some servers cut it off with everything after it.
 */
const PATH = /^\/(?:[\w\-.~!$&'()*+,=:@/]|%[\dA-Fa-f]{2})*$/;

/** Any printable character except `#`, which ends a query. */
const QUERY = /^[!"$-~]*$/;

/** A value that is encoded more often has a different meaning for each server that decodes it. */
const MOST_ROUNDS = 3;

/**
 * Reads the target of a request line in origin form (RFC 9112, 3.2.1). Repeated slashes count as one, since an SDK
 * whose base URL ends with a slash sends two.
 * @throws Refusal if two servers could read it differently
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

/** Decodes byte by byte: the result is only compared with ASCII, so UTF-8 doesn't matter. */
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
    l10n.t("Looker Auth didn't forward this request, because its path is ambiguous."),
  );
}
