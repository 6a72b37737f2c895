import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { marked, type Token } from 'marked';
import { cut, inertName, inertText, isolated, oneLine } from '../../../src/looker/inert';
import { timed } from '../../support/timed';

/** Text with a meaning to Markdown, labels, shells, a log or a file system, alone or combined. */
const ACTIVE = [
  ...[
    '[',
    '](',
    ')',
    '![',
    '$(',
    '~spin)',
    '<',
    '>',
    '</',
    '<!--',
    '://',
    'www.',
    'command:',
    '`',
    '```',
  ],
  ...[
    '*',
    '**',
    '_',
    '__',
    '~~',
    '|',
    '#',
    '# ',
    '- ',
    '+ ',
    '1. ',
    '1) ',
    '> ',
    '---',
    '===',
    '\\',
    '&lt;',
    '&#60;',
  ],
  ...[
    '"',
    "'",
    '“',
    '”',
    '„',
    '‘',
    '$',
    '${',
    '$((',
    '%',
    '%PATH%',
    '!',
    '!!',
    '^',
    ';',
    '&',
    '&&',
    '||',
    '\0',
  ],
  ...[
    '\n',
    '\r\n',
    '\t',
    '\u0085',
    '\u2028',
    '\u2029',
    '\u001b[31m',
    '../',
    '..',
    '.',
    '/',
    'C:',
    ':',
    '\u202e',
  ],
  ...[
    '\u2066',
    '\u200b',
    '\u200d',
    '\ufeff',
    '\u2800',
    '\u3164',
    '\u00ad',
    '\u0301',
    '\ud800',
    '\u{e0041}',
    ' ',
  ],
  ...[
    'https',
    'evil.test',
    'a',
    'Ada',
    '@',
    'x@y.test',
    '=',
    '?',
    ',',
    'é',
    '李',
    'ע',
    '👩‍💻',
    '７',
    '＄(',
    '［',
  ],
];
const hostile = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...ACTIVE), { maxLength: 12 }).map((all) => all.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 60 }) },
);
const RUNS = { numRuns: 5000 };

/** Invisible text, or text that changes the direction of its surroundings. */
const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}]/u;

/** Links in VS Code's messages: `src/vs/base/common/linkedText.ts` in microsoft/vscode. */
const LINKED_TEXT = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
/** Icons in VS Code's labels: `src/vs/base/common/iconLabels.ts` there. */
const ICON = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;

describe('a name from outside', () => {
  it('is plain text anywhere in Markdown', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const name = inertName(text);
        for (const [before, after] of [
          ['', ''],
          ['Hello ', '.'],
          ['- ', ''],
          ['(', ')'],
          ['', '\n'],
        ] as const) {
          const tokens = marked.lexer(`${before}${name}${after}`);
          assert.deepEqual(
            tokensOf(tokens).filter((type) => !HARMLESS.includes(type)),
            [],
          );
        }
        if (name !== '') assert.equal(spokenBy(`## ${name}`), name);
      }),
      RUNS,
    );
  });

  it('is no link in a message and no icon in a label', () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        const shown = `${inertName(one)}(command:a.b) [${inertName(other)}$${inertName(one)}`;
        assert.doesNotMatch(shown, LINKED_TEXT);
        assert.doesNotMatch(`${inertName(one)} ${inertName(other)}`, ICON);
        assert.doesNotMatch(inertName(one), /\]\(|\$\(|<|>|:\/\/|www\./i);
      }),
      RUNS,
    );
  });

  it("stays the same inside a shell's double quotes", function () {
    this.timeout(60_000);
    const names = fc.sample(hostile, 5000).map(inertName);
    const script = names.map((name) => `printf '%s\\n' "${name}"`).join('\n');
    const printed = execFileSync('sh', ['-c', 'eval "$(cat)"'], { input: script }).toString();
    assert.deepEqual(printed.split('\n').slice(0, -1), names);
    // Characters that PowerShell and cmd interpret inside double quotes.
    for (const name of names) assert.doesNotMatch(name, /["“”„`$%!\\]/);
  });

  it('is one line of a log, and one file in its folder', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const name = inertName(text);
        assert.doesNotMatch(name, INVISIBLE);
        assert.doesNotMatch(name, /[/\\:*"<>|]|^\.{1,2}$/);
      }),
      RUNS,
    );
  });

  it('has no padding, no pile of accents, and at most 40 characters', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const name = inertName(text);
        assert.doesNotMatch(name, /^\s|\s$|\s\s|\p{M}{4}/u);
        assert.ok([...new Intl.Segmenter().segment(name)].length <= 40, name);
        assert.equal(inertName(name), name, 'it changes when it comes in once more');
      }),
      RUNS,
    );
    assert.equal(
      inertName(`Ada${'\u2800'.repeat(500)}(acme.cloud.looker.com)`),
      'Ada (acme.cloud.looker.com)',
    );
    assert.equal(inertName('A'.repeat(1_000_000)), `${'A'.repeat(39)}…`);
  });

  // Each is one letter for Unicode, whatever its length (UAX #29), and is drawn as wide as its characters.
  for (const [what, endless] of [
    ['a syllable of Hindi', 'क्'.repeat(900)],
    ['a syllable of old Korean', '\u1100'.repeat(900)],
    ['a sign before a letter of Malayalam', '\u0d4e'.repeat(900)],
    ['the marks of narrow Japanese letters', `ｱ${'\uff9e'.repeat(900)}`],
    ['the colors of an emoji', `👍${'🏽'.repeat(900)}`],
  ] as const) {
    it(`has at most 40 characters of ${what}, which needn't end`, () => {
      for (const text of [endless, `Ada ${endless} Lovelace`]) {
        assert.ok(inertName(text).length <= 4 * 40, String(inertName(text).length));
        assert.ok(inertText(text).length <= 4 * 200, String(inertText(text).length));
        assert.equal(inertName(inertName(text)), inertName(text));
      }
    });
  }

  const kept = [
    ...[
      'Ada Lovelace',
      "Conan O'Brien",
      'Zoë Müller-Lüdenscheid',
      'Nguyễn Văn An',
      '李 小龍',
      'علي رضا',
      'דוד לוי',
    ],
    ...[
      'Smith & Sons',
      'AT&T',
      'Robert (Bob) Jr.',
      'svc_looker_prod',
      'ada@acme.com',
      '3M Reports',
      'Ada 👩🏽',
      'J. R. R. Tolkien',
    ],
    ...[
      'Looker API #2',
      'Team A, Team B',
      'Ana Paula de Souza',
      'नरेंद्र मोदी',
      'สมชาย ใจดี',
      '50 Cent',
      '(Contractor) Ada',
      'कार्त्स्न्य',
      '👍🏽'.repeat(40),
      '🇧🇷'.repeat(40),
    ],
  ];
  for (const name of kept) {
    it(`stays ${name}`, () => {
      assert.equal(inertName(name), name);
    });
  }

  it('stays readable if a part of it was active', () => {
    assert.equal(inertName('[Log in](command:a.b)'), '(Log in)(command∶a.b)');
    assert.equal(inertName('$(verified-filled) Ada'), '＄(verified-filled) Ada');
    assert.equal(inertName('<b>Ada</b> at www.evil.test'), '‹b›Ada‹∕b› at www evil.test');
  });

  it('equals another name that looks the same', () => {
    const ada = inertName('Ada Lovélace');
    for (const same of [
      'Ada\u200b Lovélace',
      'Ada\u00a0Lovélace',
      'A\u00adda  Love\u0301lace',
      '\u202dAda Lovélace',
    ]) {
      assert.equal(inertName(same), ada);
    }
  });

  it('is empty if nothing in it is visible', () => {
    for (const nothing of [undefined, null, '', ' \n', '\u200b\u2800\u3164', '\u202e', '---']) {
      assert.equal(inertName(nothing), '');
    }
  });
});

describe('a text from outside', () => {
  it('is one line without links or icons, and a path in it stays readable', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = inertText(text);
        assert.doesNotMatch(shown, INVISIBLE);
        assert.doesNotMatch(shown, LINKED_TEXT);
        assert.doesNotMatch(shown, ICON);
        assert.ok(shown.length <= 400);
      }),
      RUNS,
    );
    assert.equal(inertText(String.raw`C:\Users\ada\ca.pem`), String.raw`C:\Users\ada\ca.pem`);
    assert.equal(inertText('/home/ada/[x](command:y)/ca.pem'), '/home/ada/(x)(command:y)/ca.pem');
  });
});

describe('a message for the log', () => {
  it('is one line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        assert.doesNotMatch(oneLine(`Could not read it: ${text}`), /[\p{Cc}\u2028\u2029]/u);
      }),
      RUNS,
    );
    assert.equal(oneLine('a\r\n2026-11-29 [info] b'), 'a 2026-11-29 [info] b');
  });
});

describe('text with its own direction', () => {
  it('is isolated if it is written from right to left, and unchanged otherwise', () => {
    assert.equal(isolated('علي'), '\u2068علي\u2069');
    assert.equal(isolated('דוד Levi'), '\u2068דוד Levi\u2069');
    assert.equal(isolated('Ada'), 'Ada');
    assert.equal(isolated('李'), '李');
  });
});

describe('a shortened text', () => {
  it('ends between two characters as people count them', () => {
    assert.equal(cut('👩🏽👩🏽👩🏽', 2), '👩🏽…');
    assert.equal(cut('नमस्ते दुनिया', 5), 'नमस्ते…');
    assert.equal(cut('Ada', 3), 'Ada');
  });
});

describe('a megabyte of text', () => {
  const MEGABYTE = 1_000_000;
  for (const piece of ACTIVE) {
    it(`made of ${JSON.stringify(piece)} is read in under 50 ms`, () => {
      const text = piece.repeat(MEGABYTE / piece.length);
      assert.ok(timed(() => inertName(text), 50) < 50);
      assert.ok(timed(() => inertText(text), 50) < 50);
    });
  }
});

/** A name may be an e-mail address that opens a mail program; it leads only where it says. */
const HARMLESS = ['paragraph', 'text', 'list', 'list_item', 'mail', 'space'];

function tokensOf(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) => {
    const { href, text } = token as { href?: string; text?: string };
    const type = token.type === 'link' && href === `mailto:${text ?? ''}` ? 'mail' : token.type;
    const inner =
      (token as { items?: Token[] }).items ?? (token as { tokens?: Token[] }).tokens ?? [];
    return [type, ...(type === 'mail' ? [] : tokensOf(inner))];
  });
}

/** The text that is visible once the Markdown is rendered. */
function spokenBy(markdown: string): string {
  const html = marked.parse(markdown) as string;
  return html
    .replace(/<[^>]+>/g, '')
    .replace(
      /&(amp|lt|gt|quot|#39);/g,
      (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? '',
    )
    .trim();
}
