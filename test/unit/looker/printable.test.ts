import assert from 'node:assert/strict';
import { printableName, printableText } from '../../../src/looker/printable';

describe('text from elsewhere', () => {
  for (const show of [printableName, printableText]) {
    describe(`by ${show.name}`, () => {
      it('has a blank where control characters were', () => {
        assert.equal(show('Ada\u0000\u001b\u009fLovelace'), 'Ada Lovelace');
      });

      it('has a blank where something turns the direction of writing', () => {
        assert.equal(show('Ada\u202eecalevoL\u2066!'), 'Ada ecalevoL !');
      });

      it('keeps all other scripts and signs', () => {
        assert.equal(show('Zoë 李 עדה 👩‍💻'), 'Zoë 李 עדה 👩‍💻');
      });
    });
  }

  it('is one line where it is a name, without blanks around it', () => {
    assert.equal(printableName('  Ada\r\n\t King   Lovelace\n'), 'Ada King Lovelace');
  });

  it('is no longer than 100 characters where it is a name, else 500', () => {
    assert.equal(printableName('a'.repeat(1000)).length, 100);
    assert.equal(printableText('a'.repeat(1000)).length, 500);
  });

  it('is an empty name where there is none', () => {
    for (const nothing of [undefined, null, '', ' \n']) assert.equal(printableName(nothing), '');
  });
});
