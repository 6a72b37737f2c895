import assert from 'node:assert/strict';
import fc from 'fast-check';
import { looksLikeKey, mayHoldSecret, unquoted } from '../../../src/vscode/commands/typedKey';

const ID = 'Kp7xYw2QmN5tRv9bLc3d';
const SECRET = 'h8Jk2mNp4Qr6St8Uv1Wx3Yz5';
/** What stands around a secret in files, requests and code. */
const SEPARATORS = ' =&:,;>"\'{}[]/?\n|';

describe('what is typed as half of a key', () => {
  it('may stand in quotes, and have a comma behind it', () => {
    for (const typed of [ID, ` ${ID} `, `"${ID}"`, `'${ID}',`, `\`${ID}\``, `"${ID}",`, `${ID};`]) {
      assert.equal(unquoted(typed), ID);
    }
  });

  it('is letters and digits, perhaps with hyphens', () => {
    for (const half of [ID, SECRET, 'my-client-id', 'x']) assert.ok(looksLikeKey(half));
    for (const text of [
      '',
      '>',
      '=>',
      `${ID}&client_secret=${SECRET}`,
      `${ID} ${SECRET}`,
      '-',
      '…',
    ]) {
      assert.ok(!looksLikeKey(text), text);
    }
  });

  it('is taken for more than one half wherever a secret stands among anything else', () => {
    const around = fc.string({
      unit: fc.mapToConstant({
        num: SEPARATORS.length,
        build: (index) => SEPARATORS.charAt(index),
      }),
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        around,
        fc.constantFrom('', ID, 'client_secret'),
        around,
        (before, word, between) => {
          const text = `${word}${before}${between}${SECRET}`;
          assert.ok(mayHoldSecret(text) || unquoted(text) === SECRET, text);
        },
      ),
    );
  });

  it('is no secret to hide while a client ID is typed, letter by letter', () => {
    for (let end = 1; end <= ID.length; end++) {
      assert.ok(!mayHoldSecret(ID.slice(0, end)));
      assert.ok(!mayHoldSecret(`"${ID.slice(0, Math.min(end, 18))}`));
    }
  });
});
