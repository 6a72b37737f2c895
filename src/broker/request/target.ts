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
   * and with each further round of percent-decoding.
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
  const readings: (readonly string[])[] = [];
  for (let text = path, round = 0; ; round++) {
    // eslint-disable-next-line no-control-regex -- these are what must not be in it
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

/** Byte by byte: whether the bytes are UTF-8 does not matter to what they are compared with. */
function decode(text: string): string {
  return text.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
}

/** For a path that two servers could read in two ways. */
export function unclear(): Refusal {
  return new Refusal(
    400,
    l10n.t("Looker Auth didn't forward this request, because its path is ambiguous."),
  );
}
