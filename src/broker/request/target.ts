import { isUtf8 } from 'node:buffer';
import * as l10n from '@vscode/l10n';
import { RequestRefusal } from '../requestRefusal';

/** The target of a request. */
export interface Target {
  /** Path and query as sent to the instance. */
  readonly text: string;
  /** The part after the `?`. */
  readonly query: string;
  /**
   * The path's segments in lower case, once for each way a server may read them: as written, after each further round of
   * percent-decoding, and with plain letters.
   */
  readonly readings: readonly (readonly string[])[];
}

/**
 * The characters that RFC 3986 (3.3) allows in a path, except `;`: some servers cut it off with everything after it.
 */
const PATH = /^\/(?:[\w\-.~!$&'()*+,=:@/]|%[\dA-Fa-f]{2})*$/;

/** Any printable character except `#`, which ends a query. */
const QUERY = /^[!"$-~]*$/;

/** Parameters that replace the request's method on some servers, such as those based on Rack. */
const METHOD_NAMES = ['_method', 'x_http_method', 'x_http_method_override', 'x_method_override'];

/** Characters that some servers drop or treat as blanks. */
const BLANKS = /[\s+]+/g;

/**
 * A path that is still encoded after this many rounds of decoding is refused: each server that decodes it could read
 * something different.
 */
const MOST_ROUNDS = 3;

/**
 * Reads the target of a request line in origin form (RFC 9112, 3.2.1). Repeated slashes count as one, since an SDK
 * whose base URL ends with a slash sends two.
 * @throws RequestRefusal if two servers could read it differently
 */
export function readTarget(target: string): Target {
  const mark = target.indexOf('?');
  const path = (mark < 0 ? target : target.slice(0, mark)).replace(/\/+/g, '/');
  const query = mark < 0 ? '' : target.slice(mark + 1);
  if (!PATH.test(path) || !QUERY.test(query) || namesMethod(query)) throw unclear();
  return { text: mark < 0 ? path : `${path}?${query}`, query, readings: readingsOf(path) };
}

function namesMethod(query: string): boolean {
  const names = query.split(/[&;]/).map((parameter) => parameter.replace(/=.*/s, ''));
  return names.some((name) => METHOD_NAMES.includes(parameterName(name)));
}

/** The name as the most lenient server reads it: PHP and Rack remove brackets, some replace `.` and `-` with `_`. */
function parameterName(written: string): string {
  let name = written;
  for (let next = decode(name); next !== name; next = decode(name)) name = next;
  const bare = name.replace(/[[\]\s+\p{Cc}]/gu, '');
  return bare.replace(/[.-]/g, '_').toLowerCase();
}

function readingsOf(path: string): readonly (readonly string[])[] {
  const readings = [segmentsOf(path)];
  let text = path;
  for (let next = readAgain(text); next !== text; next = readAgain(text)) {
    if (readings.length > MOST_ROUNDS) throw unclear();
    readings.push(segmentsOf(next));
    text = next;
  }
  return readings;
}

/** @throws RequestRefusal for bytes that aren't UTF-8: old decoders read some of them as a slash or a dot */
function readAgain(text: string): string {
  const decoded = decode(text);
  if (decoded === text) return plainLetters(text);
  if (!isUtf8(Buffer.from(decoded, 'latin1'))) throw unclear();
  return decoded;
}

/** @throws RequestRefusal if the path has a control character, or a segment is `.` or `..` */
function segmentsOf(text: string): readonly string[] {
  // eslint-disable-next-line no-control-regex -- control characters are what this looks for
  if (/[\0-\x1f\x7f]/.test(text)) throw unclear();
  const segments = text
    .split(/[/\\]/)
    .map((segment) => segment.replace(/;.*/s, '').replace(BLANKS, '').toLowerCase())
    .filter((segment) => segment !== '');
  if (segments.some((segment) => segment === '.' || segment === '..')) throw unclear();
  return segments;
}

/** Percent-decodes into one character per byte, which is enough: the result is only compared with ASCII. */
function decode(text: string): string {
  return text.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
}

/**
 * Replaces characters that a server may read as the ASCII characters they look like, such as `／`, `ｌ`, `ı` and `í`, and
 * removes invisible ones. The result may be percent-encoded: `％2f` becomes `%2f`.
 */
function plainLetters(bytes: string): string {
  if (/^[ -~]*$/.test(bytes)) return bytes;
  const plain = Buffer.from(bytes, 'latin1')
    .toString()
    .normalize('NFKD')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{M}]+/gu, '')
    .replace(/[\p{Z}\p{Cc}]/gu, ' ')
    // Upper case first, because lower case alone doesn't turn `ı` and `ß` into `i` and `ss`.
    .toUpperCase()
    .toLowerCase();
  return Buffer.from(plain).toString('latin1');
}

/** For a target that two servers could read differently. */
export function unclear(): RequestRefusal {
  return new RequestRefusal(
    400,
    l10n.t("Looker Auth didn't forward this request, because its URL is ambiguous."),
  );
}
