import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { filesWith, secretsIn } from '../support/leaks';

const SECRET = 'Xq7_secret-Of_the-Tests9';

/** Tests of the search that other tests find leaked secrets with. */
describe('the search for secrets', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  it('finds one in any text: unchanged, in a URL, in UTF-16 and in base64', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.base64String({ minLength: 16 }), (a, z, secret) => {
        const text = a + secret + z;
        for (const written of [text, `${a}${encodeURIComponent(secret)}${z}`, base64(text)]) {
          assert.deepEqual(secretsIn([written], [secret]), [secret], written);
        }
        const wide = Buffer.from(text, 'utf16le').toString('latin1');
        assert.deepEqual(secretsIn([wide], [secret]), [secret]);
      }),
    );
  });

  it("finds nothing in texts that don't contain the secret", () => {
    const others = [base64('another secret of the tests'), SECRET.slice(1), SECRET.toLowerCase()];
    assert.deepEqual(secretsIn(others, [SECRET]), []);
  });

  it('names the files with secrets', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'leaks-'));
    try {
      await writeFile(path.join(folder, 'good'), 'nothing');
      await writeFile(path.join(folder, 'plain'), `a${SECRET}`);
      await writeFile(path.join(folder, 'encoded'), base64(`{"a":"${SECRET}"}`));
      await writeFile(path.join(folder, 'wide'), Buffer.from(`ab${SECRET}`, 'utf16le'));
      const names = (await filesWith(folder, [SECRET])).map((file) => path.basename(file));
      assert.deepEqual(names.sort(), ['encoded', 'plain', 'wide']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
