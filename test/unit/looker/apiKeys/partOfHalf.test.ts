import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readIni } from '../../../../src/looker/apiKeys/lookerIni';
import { isBroken, isMasked } from '../../../../src/looker/apiKeys/partOfHalf';

const URL_ = 'https://acme.cloud.looker.com';
const ID = 'Ab3dEf6hIj9kLm2nOp5q';
const SECRET = 'Zy8xWv5uTs2rQp9oNm6lKj3i';

/** The secrets of the sections that can be used. */
function secretsIn(contents: string): readonly string[] {
  return readIni(contents, {}).flatMap((section) =>
    'settings' in section ? [section.settings.apiKey.clientSecret] : [],
  );
}

const section = (secret: string) =>
  `[Looker]\nbase_url=${URL_}\nclient_id=${ID}\nclient_secret=${secret}\n`;
const variables = (before: string) => (secret: string) =>
  [`BASE_URL=${URL_}`, `CLIENT_ID=${ID}`, `CLIENT_SECRET=${secret}`]
    .map((line) => `${before}LOOKERSDK_${line}\n`)
    .join('');

describe('a part of half a key', () => {
  const half = fc.stringMatching(/^[A-Za-z0-9]{24}$/).filter((word) => /\d/.test(word));
  const cut = fc.integer({ min: 1, max: 23 });

  it('is never used from a looker.ini, however it is broken', () => {
    const gap = fc.constantFrom('\n', '-\n', '\n  ', ' ', ' ;', ' # ', '\\\n', '" "', '\n> ');
    fc.assert(
      fc.property(half, cut, gap, (secret, at, gap) => {
        const contents = section(secret.slice(0, at) + gap + secret.slice(at));
        assert.deepEqual(secretsIn(contents), [], contents);
      }),
    );
  });

  it('is never used from variables, however it is broken', () => {
    const form = fc.constantFrom('', 'export ', 'set ', 'ENV ', '  - ', '$env:').map(variables);
    const gap = fc.constantFrom('\n', ' ', ';', '#', '\u00a0', '" \\\n"', '&', '|', '^\n');
    fc.assert(
      fc.property(half, cut, gap, form, (secret, at, gap, form) => {
        const isQuoted = gap.includes('"') ? '"' : '';
        const contents = form(isQuoted + secret.slice(0, at) + gap + secret.slice(at) + isQuoted);
        assert.deepEqual(secretsIn(contents), [], contents);
      }),
    );
  });

  it('is refused if letters stand for the rest of it', () => {
    for (const form of [section, variables(''), variables('export ')]) {
      assert.deepEqual(secretsIn(form(`${SECRET.slice(0, 12)}xxxx`)), []);
    }
  });

  it('is not a half of another length, in a file with other lines', () => {
    const other = fc.constantFrom(
      'verify_ssl=True',
      'timeout=60',
      '# prod',
      '[Other]',
      'words here',
    );
    const length = fc.integer({ min: 6, max: 64 });
    fc.assert(
      fc.property(length, fc.array(other), (length, lines) => {
        const secret = SECRET.repeat(3).slice(0, length);
        for (const form of [section, variables(''), variables('export '), variables('set ')]) {
          // `words` would complete it by chance.
          fc.pre(!lines.includes('words here') || ![15, 16, 19, 20].includes(length));
          const contents = `${form(secret)}${lines.join('\n')}\n`;
          assert.deepEqual(secretsIn(contents), [secret], contents);
        }
      }),
    );
  });

  it('is recognized by what completes its length', () => {
    const [start, end] = [SECRET.slice(0, 14), SECRET.slice(14)];
    for (const [after, is] of [
      [`\n${end}`, true],
      [`\n3 ${end}`, true],
      [`\n${end.slice(0, 5)}\n${end.slice(5)}`, true],
      [`\n${end}0`, false],
      [`\nclient_id=${ID}\n${end}`, false],
      [` token: x ${end}`, false],
      ['', false],
    ] as const) {
      assert.equal(isBroken(start, after), is, after);
    }
    assert.ok(isBroken(`3D${SECRET}`, ''), 'the source of a mail');
  });

  it('is recognized by signs around it, unless they only close what opens before it', () => {
    const part = SECRET.slice(0, 14);
    for (const [before, after, is] of [
      ['', '…', true],
      ['', '"...', true],
      ['**', '**', false],
      ['**', '****', true],
      ['', '**', true],
      ['(', ')', false],
      ['', '[2]', true],
      ['<td>', '</td>', false],
      ['', '<more>', true],
      ['', '&quot;, ', false],
      ['', '&bull;', true],
      ['••', '', true],
      ['', '.', false],
      ['', '", "verify_ssl": true', false],
    ] as const) {
      assert.equal(isMasked(part, before, after), is, `${before}${part}${after}`);
    }
  });
});
