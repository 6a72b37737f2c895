import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cutInTheMiddle } from '../../../../src/vscode/text/cutInTheMiddle';

describe('a text cut in the middle', () => {
  it('keeps its beginning and its end', () => {
    const lying = `acme.cloud.looker.com.${'a'.repeat(200)}.evil.test`;
    assert.equal(cutInTheMiddle(lying, 40), 'acme.cloud.lo…aaaaaaaaaaaaaaaa.evil.test');
    assert.equal(cutInTheMiddle('acme.cloud.looker.com', 40), 'acme.cloud.looker.com');
  });

  it('is never longer than the limit, and ends like the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.integer({ min: 6, max: 100 }),
        (text, most) => {
          const cut = cutInTheMiddle(text, most);
          assert.ok([...new Intl.Segmenter().segment(cut)].length <= most);
          const [begin = '', end] = cut === text ? [text, ''] : cut.split(/…(?!.*…)/s);
          assert.ok(text.startsWith(begin));
          assert.ok(end === undefined || text.endsWith(end));
        },
      ),
    );
  });

  it('leaves no name open whose direction is isolated, so that the host stays behind it', () => {
    const label = `\u2068${'ד'.repeat(40)}\u2069, sudo by Ada (${'a'.repeat(50)}.looker.com)`;
    const cut = cutInTheMiddle(label, 60);
    assert.equal(cut, `\u2068${'ד'.repeat(18)}\u2069…${label.slice(-40)}`);
    const whole = cutInTheMiddle(`\u2068דוד\u2069 (${'a'.repeat(100)})`, 60);
    assert.equal(whole, `\u2068דוד\u2069 (${'a'.repeat(12)}…${'a'.repeat(39)})`);
  });

  it('never splits a letter', () => {
    const family = '👩‍👩‍👧‍👦';
    const cut = cutInTheMiddle(family.repeat(20), 9);
    assert.equal(cut, `${family.repeat(2)}…${family.repeat(6)}`);
  });
});
