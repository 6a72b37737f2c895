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
  const readings: (readonly string[])[] = [];
  for (let text = path, round = 0; ; round++) {
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    if (/[\0-\x1f\x7f]/.test(text)) throw unclear();
    const segments = segmentsOf(text);
    if (segments.some((segment) => segment === '.' || segment === '..')) throw unclear();
    readings.push(segments);
    const decoded = decode(text);
    if (decoded === text) return readings;
    if (round === MOST_ROUNDS) throw unclear();
    text = decoded;
  }
}

function segmentsOf(text: string): readonly string[] {
  return text
    .split(/[/\\]/)
    .map((segment) => segment.replace(/;.*/s, '').toLowerCase())
    .filter((segment) => segment !== '');
}

/** Decodes byte by byte: the result is only compared with ASCII, so UTF-8 doesn't matter. */
function decode(text: string): string {
  return text.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
}

/** For a path that two servers could read differently. */
export function unclear(): Refusal {
  return new Refusal(
    400,
    l10n.t("Looker Auth didn't forward this request, because its path is ambiguous."),
  );
}
