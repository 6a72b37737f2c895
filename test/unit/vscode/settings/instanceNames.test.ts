import assert from 'node:assert/strict';
import fc from 'fast-check';
import { InvalidAnswerError } from '../../../../src/looker/errors/input';
import { inertName } from '../../../../src/looker/inert';
import {
  namesOtherHost,
  parseInstanceName,
  withName,
} from '../../../../src/vscode/settings/instanceNames';

const ACME = 'https://acme.cloud.looker.com';
const OTHER = 'https://looker.acme.dev:19999';

describe('the typed name of an instance', () => {
  const named = (typed: string, others: readonly string[] = []) =>
    parseInstanceName(typed, ACME, others);

  for (const [typed, name] of [
    ['Production', 'Production'],
    ['  Prod   EU ', 'Prod EU'],
    ['Prod\u202eUE', 'ProdUE'],
    ['$(check) active', '＄(check) active'],
    ['Prod [EU](command:x)', 'Prod (EU)(command∶x)'],
    ['acme.cloud.looker.com, the old one', 'acme.cloud.looker.com, the old one'],
    ['Looker 26.8', 'Looker 26.8'],
    // Dots that are no host's.
    ...[
      '本番・東京',
      'マーケティング・データ',
      '本番·東京',
      'Prod·EU',
      'Col·legi',
      'PARAL·LEL',
    ].map((name) => [name, name] as const),
    ...['St.Gallen', 'Dr.Who', 'Acme.Prod', 'Node.js', 'Prod (Node.js)', 'z.B.', 'Nr.5'].map(
      (name) => [name, name] as const,
    ),
    ['x'.repeat(40), 'x'.repeat(40)],
  ] as const) {
    it(`is ${name}`, () => {
      assert.equal(named(typed), name);
    });
  }

  for (const [typed, why] of [
    ['\u200b\u2060', /letter or digit/],
    ['###', /letter or digit/],
    ['x'.repeat(41), /at most 40 characters/],
    ['x '.repeat(1_000_000), /at most 40 characters/],
    ['क्'.repeat(41), /at most 40 characters/],
    ['looker.acme.dev', /host of another instance.*acme\.cloud\.looker\.com/],
    ['Prod (acme.cloud.looker.c\u043em)', /host of another instance/],
    ['acme\u00b7cloud\u00b7looker\u00b7com', /host of another instance/],
    ...Array.from('\ufe52\uff0e\uff61\u2024\u2027\u2219\u22c5\u3002\u30fb\u06d4\u0701\ua4f8').map(
      (dot) => [`evil${dot}looker${dot}com`, /host of another instance/] as const,
    ),
    // A host in capitals, or with a dot that a host can't have.
    ...['Acme.Com', 'Acme\u00b7Com', 'ACME.IO', 'Acme.Eu', 'Looker.Corp', 'Acme.Looker.Prod'].map(
      (host) => [host, /host of another instance/] as const,
    ),
    ...[
      'acme.dev',
      'St.gallen',
      'st.Gallen',
      'v1.beta',
      'prod\u00b7eu',
      'acme\u00b7looker',
      'evil\u00b7looker\u00b7com',
    ].map((host) => [host, /host of another instance/] as const),
    ...[
      '本番。東京',
      'acme・東京',
      '東京・com',
      '\u0430\u0441\u043c\u0435・\u0441\u043e\u043c',
    ].map((host) => [host, /host of another instance/] as const),
    ['10.0.0.7', /host of another instance/],
    ['10\uff0e0\uff0e0\uff0e7', /host of another instance/],
    ['staging', /already called Staging/],
    ['Sta\u200bging', /already called Staging/],
    ['looker-staging\u2236443', /already called/],
  ] as const) {
    it(`can't be ${JSON.stringify(typed.slice(0, 50))}`, () => {
      assert.throws(
        () => named(typed, ['', 'Staging', 'looker-staging:443']),
        (error) => error instanceof InvalidAnswerError && why.test(error.message),
      );
    });
  }

  it('is shown as accepted, and accepted again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (typed) => {
        let name: string;
        try {
          name = named(typed);
        } catch (error) {
          assert.ok(error instanceof InvalidAnswerError);
          return;
        }
        assert.equal(inertName(name), name);
        assert.ok(!namesOtherHost(name, ACME));
        assert.equal(named(name), name);
      }),
    );
  });
});

describe('the setting with an instance renamed', () => {
  const entries = [
    { url: 'looker.acme.dev:19999/', name: 'Old', caFile: '~/ca.pem', unknown: [1] },
    'not an entry',
    { url: `${OTHER}/api/4.0`, name: 'Second for the same' },
    { url: 'nothing like a URL' },
  ];

  it('keeps all other properties and entries, even invalid ones', () => {
    assert.deepEqual(withName(entries, OTHER, 'New'), [
      { ...(entries[0] as object), name: 'New' },
      ...entries.slice(1),
    ]);
  });

  it('gets an entry if there was none', () => {
    assert.deepEqual(withName(undefined, ACME, 'New'), [{ url: ACME, name: 'New' }]);
    assert.deepEqual(withName(entries, ACME, 'New'), [...entries, { url: ACME, name: 'New' }]);
  });

  it('has the name in the entry that applies, even if that has the other usual port', () => {
    assert.deepEqual(withName(entries, 'https://looker.acme.dev', 'New')[0], {
      ...(entries[0] as object),
      name: 'New',
    });
    const both = [...entries, { url: 'https://looker.acme.dev' }];
    assert.deepEqual(withName(both, 'https://looker.acme.dev', 'New').at(-1), {
      url: 'https://looker.acme.dev',
      name: 'New',
    });
  });

  it('loses the name, and keeps the entry', () => {
    const [first] = withName(entries, OTHER, undefined);
    assert.deepEqual(first, { url: 'looker.acme.dev:19999/', caFile: '~/ca.pem', unknown: [1] });
    assert.deepEqual(withName(entries, ACME, undefined), entries);
  });

  it("doesn't overwrite a value that isn't a list", () => {
    for (const wrong of [{}, 'text', null, 7]) {
      assert.throws(() => withName(wrong, ACME, 'New'), InvalidAnswerError);
    }
  });

  it('changes only the one name, whatever the setting contains', () => {
    const entry = fc.oneof(
      fc.record({ url: fc.constantFrom(ACME, OTHER, 'x'), plainHttp: fc.boolean() }),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.array(entry), (before) => {
        const after = withName(before, ACME, 'New');
        const changed = after.filter((one, index) => one !== before[index]);
        assert.equal(changed.length, 1);
        assert.equal((changed[0] as { name: string }).name, 'New');
        assert.deepEqual(withName(after, ACME, 'New'), after);
      }),
    );
  });
});
