import { inertText } from '../looker/inert';

/** A word of Looker's API, or an API version. Any other path segment may be a name, an address or a key. */
const WORD = /^([a-z][a-z_]{0,39}|\d\.\d)$/;

/** What nearly all of them are; whatever else it may be is made inert first, which takes longer. */
const METHOD = /^[A-Z]{1,10}$/;

const MOST_SEGMENTS = 12;

/**
 * A request as it is logged: `GET /api/4.0/users/*`. The query, headers and bodies are left out, and so are path
 * segments that identify something.
 */
export function loggedRequest(method: string, target: string): string {
  const [path = ''] = target.split('?', 1);
  const segments = path.slice(0, 1000).split('/').filter(Boolean).slice(0, MOST_SEGMENTS);
  const words = segments.map((segment) => (WORD.test(segment) ? segment : '*'));
  return `${METHOD.test(method) ? method : inertText(method)} /${words.join('/')}`;
}
