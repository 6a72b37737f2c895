import * as l10n from '@vscode/l10n';
import { refuseForbidden } from './forbidden';
import { RequestRefusal } from '../requestRefusal';
import { headerValues, type HeaderValues } from './headerValues';
import { readTarget, unclear, type Target } from './target';

/** A request as received, before its body. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** Alternating names and values, as Node provides them: nothing is joined or left out. */
  readonly rawHeaders: readonly string[];
}

/** How the broker handles a request. */
export type RequestKind =
  /** `POST /login`, which the broker handles itself. */
  | 'login'
  /** `DELETE /logout`, which the broker also handles itself. */
  | 'logout'
  /** Changes the API session: `PATCH /session`, which selects a workspace. */
  | 'selectWorkspace'
  /** `GET /versions`, which needs no login. */
  | 'versions'
  /** Any other request to Looker's API. */
  | 'api';

/** A request that is allowed. */
export interface Ruling {
  readonly kind: RequestKind;
  readonly method: string;
  readonly target: Target;
  readonly headers: HeaderValues;
  /** Whether a body follows the head. */
  readonly hasBody: boolean;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Headers sent by browsers only. Node's own `fetch` sends `Sec-Fetch-Mode`, so that one isn't listed. */
const SENT_BY_BROWSERS = ['origin', 'sec-fetch-site', 'access-control-request-method'];

/** If one of these headers is repeated, two servers may read different values. */
const ONCE = ['host', 'authorization', 'content-length', 'transfer-encoding', 'content-type'];

/** The length of a body. Some servers read one with a leading zero as octal. */
const LENGTH = /^(0|[1-9]\d*)$/;

/**
 * Decides by its head alone whether a request is allowed. Authentication is checked elsewhere.
 * @param host what the `Host` header must say, such as `127.0.0.1:49152`
 * @throws RequestRefusal
 */
export function judge({ method, target, rawHeaders }: RequestHead, host: string): Ruling {
  const headers = headerValues(rawHeaders);
  const values = (name: string) => headers.get(name) ?? [];
  // A web page could reach us through a name that resolves to this machine, so only our own host is accepted (DNS
  // rebinding).
  if (values('host').join() !== host) {
    throw new RequestRefusal(403, l10n.t('Send requests for this terminal to http://{0}.', host));
  }
  if (SENT_BY_BROWSERS.some((name) => headers.has(name))) {
    throw new RequestRefusal(
      403,
      l10n.t("Refused: the request's headers say that a web page sent it."),
    );
  }
  if (!METHODS.includes(method)) throw notAllowed(METHODS);
  const [coding = 'chunked'] = values('transfer-encoding');
  const [length = '0'] = values('content-length');
  const isClear = coding.toLowerCase() === 'chunked' && LENGTH.test(length);
  if (ONCE.some((name) => values(name).length > 1) || !isClear) {
    throw new RequestRefusal(400, l10n.t("Looker Auth can't read the headers of this request."));
  }
  const read = readTarget(target);
  const kind = kindOf(method, read);
  const hasBody = headers.has('transfer-encoding') || length !== '0';
  if (hasBody && (method === 'GET' || method === 'HEAD')) {
    throw new RequestRefusal(400, l10n.t("A {0} request to Looker can't have a body.", method));
  }
  return { kind, method, target: read, headers, hasBody };
}

/** @throws RequestRefusal if any reading of the path is forbidden, or if the readings have different meanings */
function kindOf(method: string, { query, readings }: Target): RequestKind {
  for (const segments of readings) refuseForbidden(method, belowVersion(segments));
  const [kind, other] = new Set(readings.map((segments) => kindOfSegments(method, segments)));
  if (kind === undefined || other !== undefined) throw unclear();
  // Anyone can send this without a token, so it is forwarded without a query or a body.
  if (kind === 'versions' && query !== '') throw outside();
  return kind;
}

function kindOfSegments(method: string, segments: readonly string[]): RequestKind {
  if (segments[0] === 'versions' && segments.length === 1) {
    return method === 'HEAD' ? 'versions' : forMethod(method, 'GET', 'versions');
  }
  const words = belowVersion(segments);
  // Some servers ignore a format suffix such as `.json`.
  const only = words.length === 1 ? words[0]?.replace(/\W.*/s, '') : undefined;
  if (only === 'login') return forMethod(method, 'POST', 'login');
  if (only === 'logout') return forMethod(method, 'DELETE', 'logout');
  if (segments[0] !== 'api' || words.length === 0) throw outside();
  const reads = method === 'GET' || method === 'HEAD';
  if (only === 'session' && !reads) return 'selectWorkspace';
  // A path without a version might have one in a spelling we don't recognize, and so be another endpoint.
  const hasVersion = segments.slice(0, -words.length).some((segment) => /\d/.test(segment));
  if (!hasVersion && only !== 'session') throw outside();
  return 'api';
}

/** The segments after `/api` and a version, if there are any: SDKs log in and out both with and without them. */
function belowVersion(segments: readonly string[]): readonly string[] {
  const start = segments[0] === 'api' ? 1 : 0;
  const first = segments.findIndex(
    (segment, i) => i >= start && !/^(internal|core|v?\d+(\.\d+)*)$/.test(segment),
  );
  return first < 0 ? [] : segments.slice(first);
}

function forMethod<Kind extends RequestKind>(method: string, only: string, kind: Kind): Kind {
  if (method !== only) throw notAllowed([only]);
  return kind;
}

function notAllowed(methods: readonly string[]): RequestRefusal {
  return new RequestRefusal(405, l10n.t("Looker's API doesn't have this method."), {
    Allow: methods.join(', '),
  });
}

function outside(): RequestRefusal {
  return new RequestRefusal(
    404,
    l10n.t("A terminal can use Looker's API (/api/…) and nothing else."),
  );
}
