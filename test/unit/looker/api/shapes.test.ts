import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import * as v from 'valibot';
import { isHost } from '../../../../src/looker/instance/host';
import { Email, ReleaseNumber, TokenValue, UserId } from '../../../../src/looker/api/shapes';
import { UserResponse } from '../../../../src/looker/api/user';
import { timed } from '../../../support/timed';

const hostile = fc
  .array(
    fc.constantFrom(
      ...[
        'a',
        'Z',
        '7',
        '.',
        '-',
        '_',
        '~',
        '+',
        '/',
        '=',
        '$',
        '(',
        ')',
        '`',
        '"',
        "'",
        ';',
        '&',
        '|',
        '<',
        '>',
      ],
      ...[
        ' ',
        '\n',
        '\r',
        '\t',
        '%',
        '!',
        '^',
        '*',
        '?',
        '[',
        ']',
        '{',
        '}',
        '#',
        '\\',
        '@',
        ':',
        ',',
        '\u202e',
        'é',
      ],
    ),
    { maxLength: 4 },
  )
  .map((all) => all.join(''));

/** Valid values with something else inserted somewhere, as far as they are still valid. */
function fitting(good: readonly string[], fits: (text: string) => boolean): readonly string[] {
  const mixed = fc.tuple(fc.constantFrom(...good), hostile, fc.nat()).map(([text, piece, at]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + piece + text.slice(place);
  });
  return [...new Set(fc.sample(mixed, 20_000).filter(fits))];
}

describe('a value from outside', () => {
  const shapes: [what: string, fits: (text: string) => boolean, good: string[], bad: string[]][] = [
    [
      'a token',
      (text) => v.is(TokenValue, text),
      ['wc7BJ3mKpWf4JZzPKqYyWWWWWWWWWWWWWWWWWWWW', 'a.b-c_d~e+f/g==', 'x'.repeat(2048)],
      ['', 'a b', '$(touch x)', 'a\nb', 'a"b', 'a%PATH%', '=', 'a=b', 'é', 'x'.repeat(2049)],
    ],
    [
      'a user ID',
      (text) => v.is(UserId, text),
      ['7', '300000', 'abc-DEF_1'],
      ['', '-rf', '../7', '7 ', '7#1', '7>1', '7\n', 'x'.repeat(65), '9'.repeat(300_000)],
    ],
    [
      'a release',
      (text) => v.parse(ReleaseNumber, text) !== undefined,
      ['26.12.3', '7.20', '26.12.3.1'],
      ['26', '26.12 on acme', '26.12.3\u2800', '1.2.3.4.5', 'v26.1', '9'.repeat(30) + '.1', ''],
    ],
    [
      'a host',
      isHost,
      [
        'acme.cloud.looker.com',
        'localhost',
        'xn--bcher-kva.example',
        'my_looker',
        '[::1]',
        '10.0.0.1',
      ],
      [
        '',
        'a..b',
        '.',
        '$(x).evil.test',
        'a(eu).test',
        'a,b.test',
        'a b',
        'a%20b',
        `${'a.'.repeat(130)}b`,
        'a'.repeat(64),
      ],
    ],
    [
      'an e-mail address',
      (text) => v.parse(Email, text) !== undefined,
      ['ada@acme.com', "conan.o'brien+looker@mail.acme.co.uk", 'zoë@acme.com'],
      [
        'ada',
        'ada@',
        '@acme.com',
        '<ada@acme.com>',
        'ada@acme.com](command:x)',
        'a b@acme.com',
        'ada@$(x).test',
      ],
    ],
  ];
  for (const [what, fits, good, bad] of shapes) {
    it(`is ${what} or is refused`, () => {
      for (const text of good) assert.ok(fits(text), text);
      for (const text of bad) assert.ok(!fits(text), text);
    });
    it(`that is ${what} stays the same when printed for a shell`, function () {
      this.timeout(60_000);
      const values = fitting(good, fits).filter((text) => !text.includes("'"));
      assert.ok(values.length > 20, `${values.length} samples`);
      const script = values.map((value) => `printf '%s\\n' "x: ${value}"`).join('\n');
      const printed = execFileSync('sh', ['-c', 'eval "$(cat)"'], { input: script }).toString();
      assert.deepEqual(
        printed.split('\n').slice(0, -1),
        values.map((value) => `x: ${value}`),
      );
      // Other characters with a meaning to PowerShell, cmd, Markdown or labels.
      for (const value of values) assert.doesNotMatch(value, /[\s$`"%!^&|<>(){}\\;*?#]|\]\(/);
    });
    it(`is recognized as ${what} or not within 50 ms`, () => {
      for (const piece of ['a', '7', '.', '7.', 'a@', '_', '=', '-', 'a.', '$(', '[', ':']) {
        const text = piece.repeat(1_000_000 / piece.length);
        assert.ok(timed(() => fits(text), 50) < 50, piece);
        assert.ok(timed(() => fits(`${text}!`), 50) < 50, piece);
      }
    });
  }
});

describe('a user with fields meant to deceive', () => {
  it('is made inert, and shown under the first visible name', () => {
    const user = (fields: object) => v.parse(UserResponse, { id: 7, ...fields });
    const link = '[Log in](command:a.b)';
    assert.equal(user({ display_name: link }).name, '(Log in)(command∶a.b)');
    assert.equal(user({ first_name: '$(error)', last_name: 'Ada' }).name, '＄(error) Ada');
    assert.equal(user({ display_name: '\u2800', email: 'ada@acme.com' }).name, 'ada@acme.com');
    assert.equal(user({ display_name: '\u200b', email: link }).name, 'User 7');
    assert.equal(user({ display_name: 'Ada', email: link }).email, undefined);
    assert.equal(user({ display_name: ['Ada'] }).name, 'User 7');
    const email = `${'a'.repeat(100)}@acme.com`;
    assert.equal(user({ email }).name, `${'a'.repeat(39)}…`);
    assert.equal(user({ email }).email, email);
  });
});
