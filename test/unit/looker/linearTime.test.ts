import assert from 'node:assert/strict';
import fc from 'fast-check';
import { clientIdBox } from '../../../src/looker/apiKeys/clientIdBox';
import { namedHosts } from '../../../src/looker/apiKeys/namedHosts';
import {
  readApiKeyText,
  readClientId,
  readClientSecret,
  showsSecret,
} from '../../../src/looker/apiKeys/pastedApiKey';
import { parseBaseUrl, plausibleBaseUrl } from '../../../src/looker/instance/baseUrl';
import { readEnvironment, readIni } from '../../../src/looker/apiKeys/lookerIni';
import { timed } from '../../support/timed';

/** Every function that reads text from outside. */
const PARSERS: Readonly<Record<string, Parser>> = {
  parseBaseUrl,
  plausibleBaseUrl: (text) => plausibleBaseUrl(text, []),
  readApiKeyText,
  namedHosts,
  readClientId,
  readClientSecret,
  showsSecret,
  clientIdBox: (text) => clientIdBox(text, '', false),
  readIni: (text) => readIni(text, {}),
  'readIni, of a value,': (text) =>
    readIni(`[a]\nbase_url=${text}\nclient_id=${text}`.slice(0, 48_000), {}),
  readEnvironment: (text) =>
    readEnvironment({
      LOOKERSDK_BASE_URL: text,
      LOOKERSDK_CLIENT_ID: text,
      LOOKERSDK_CLIENT_SECRET: text,
      LOOKERSDK_TIMEOUT: text,
    }),
};

/** What takes less may grow as it likes: a user doesn't notice it, and slow machines only add a little. */
const LONGEST_MS = 50;
/** For a slow machine. */
const LIMIT_MS = 10 * LONGEST_MS;
/** Linear is 4, quadratic 16. */
const GROWTH_OF_FOURFOLD = 8;
/** Lengths that are refused, and the longest that are read for a file and for a URL. */
const SIZES = [1_000_000, 150_000, 48_000, 32_000];

const PIECES = [
  ...[
    'a',
    'A1',
    '.',
    ',',
    ';',
    ':',
    '/',
    '\\',
    '=',
    '#',
    '?',
    '&',
    '%',
    '@',
    '"',
    "'",
    '`',
    '*',
    '|',
    '-',
    '_',
  ],
  ...[
    '(',
    ')',
    '[',
    ']',
    '](',
    '<',
    '>',
    '{',
    '}',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\0',
    '\u200b',
    '\u2800',
    'https://google.co/?q=',
  ],
  ...[
    'https://',
    'https:',
    'http',
    'a.',
    'a.b/',
    '[a](',
    '[a]:',
    '=>',
    '[a]\n',
    '[',
    '\n[a',
    '# ',
    '; ',
  ],
  ...[
    'base_url',
    'base_url=',
    'base_url = ',
    'url ',
    'url=a.b ',
    'client_id',
    'client_id=',
    'client id ',
    'client_id="',
  ],
  ...[
    'client_secret=',
    'id:',
    'LOOKERSDK_',
    'LOOKERSDK_BASE_URL=',
    'export LOOKERSDK_CLIENT_ID=a ',
    '$env:',
    'set ',
  ],
  ...[
    'Ab3dEf6hIj9kLm2nOp5q',
    'Ab3dEf6hIj9kLm2nOp5q ',
    '\nclient_id=a\nclient_secret=b',
    '--client-id ',
  ],
  ...['host: ', '--host ', 'a.b.com ', 'a:b@', 'key: host value: '],
  ...['…', '...', '+', 'client_secret=h3Nj8LpQ5sVy X2b'],
  // Links as mail and chat programs write them, whole and unfinished.
  ...['a.b<https://a.b>', ' a.b<https://', '[a.b](https://a.b)', '[a](https://a'],
  ...['<https://a.b|a.b>', '<https://a|', '<a href=https://a', '<a href=https://a.b>a.b</a>'],
];

type Parser = (text: string) => unknown;

/** Refusing also has to be fast. */
function outcomeOf(parse: Parser, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    return error;
  }
}

/** @param text of a length: the same text, but longer or shorter */
function assertLinear(parse: Parser, text: (length: number) => string, length: number): void {
  const msFor = (length: number) => {
    const it = text(length);
    return timed(() => outcomeOf(parse, it), LONGEST_MS);
  };
  const ms = msFor(length);
  if (ms < LONGEST_MS) return;
  const start = JSON.stringify(text(length).slice(0, 80));
  assert.ok(ms < LIMIT_MS, `${ms} ms for ${start}…`);
  const shortMs = msFor(length / 4);
  assert.ok(ms < GROWTH_OF_FOURFOLD * shortMs, `${shortMs} ms, then ${ms} ms for ${start}…`);
}

describe('text from outside', function () {
  this.timeout(120_000);

  for (const [name, parse] of Object.entries(PARSERS)) {
    it(`is read by ${name} in linear time`, () => {
      const piece = fc.constantFrom(...PIECES);
      const pieces = (maxLength: number, minLength = 0) =>
        fc.array(piece, { minLength, maxLength }).map((all) => all.join(''));
      const adversarial = fc.record({
        start: pieces(3),
        middle: pieces(3, 1),
        end: pieces(1),
        size: fc.constantFrom(...SIZES),
      });
      fc.assert(
        fc.property(adversarial, ({ start, middle, end, size }) => {
          const text = (length: number) => {
            const room = length - start.length - end.length;
            return start + middle.repeat(Math.ceil(room / middle.length)).slice(0, room) + end;
          };
          assertLinear(parse, text, size);
        }),
        { numRuns: 400, endOnFailure: true },
      );
      for (const piece of PIECES) {
        for (const size of SIZES) {
          const text = (length: number) =>
            `base_url=https://a.b/${piece.repeat(Math.ceil(length / piece.length))}`.slice(
              0,
              length,
            );
          assertLinear(parse, text, size);
        }
      }
    });
  }
});
