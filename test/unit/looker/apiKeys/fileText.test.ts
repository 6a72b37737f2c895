import assert from 'node:assert/strict';
import fc from 'fast-check';
import { textOf } from '../../../../src/looker/apiKeys/fileText';

const TEXT = '[Looker]\r\nbase_url=https://bücher.example\r\n# 🦀\r\n';

describe('the text of a file', () => {
  const utf16 = Buffer.from(TEXT, 'utf16le');
  const files: [what: string, bytes: Uint8Array][] = [
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${TEXT}`)],
    ['UTF-16 with a byte order mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['UTF-16 without one', utf16],
    ['UTF-16 in the other order', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16()],
    ['UTF-16 in the other order without a mark', Buffer.from(utf16).swap16()],
  ];
  for (const [what, bytes] of files) {
    it(`is read from ${what}`, () => {
      assert.equal(textOf(new Uint8Array(bytes)), TEXT);
    });
  }

  it('is some text for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        assert.equal(typeof textOf(bytes), 'string');
      }),
    );
  });
});
