import assert from 'node:assert/strict';
import { otherUserQuestion } from '../../../../src/vscode/login/otherUserQuestion';

describe('the question if another user is logged in to Looker in the browser', () => {
  const BASE_URL = 'https://acme.cloud.looker.com';
  const ada = { id: '7', name: 'Ada Lovelace' };

  it('names both', () => {
    const asked = otherUserQuestion(BASE_URL, { id: '8', name: 'Grace Hopper' }, ada);
    assert.equal(asked.question, 'Log in to acme.cloud.looker.com as Grace Hopper?');
    assert.match(asked.detail, /as Grace Hopper, not as Ada Lovelace\.$/);
    assert.equal(asked.button, 'Log In as Grace Hopper');
  });

  it('tells two with the same name apart, in each of its sentences', () => {
    const { question, detail, button, names } = otherUserQuestion(
      BASE_URL,
      { ...ada, id: '9' },
      ada,
    );
    assert.equal(question, 'Log in to acme.cloud.looker.com as Ada Lovelace (ID 9)?');
    assert.match(detail, /as Ada Lovelace \(ID 9\), not as Ada Lovelace \(ID 7\)\.$/);
    assert.equal(button, 'Log In as Ada Lovelace (ID 9)');
    assert.deepEqual(names, { came: 'Ada Lovelace (ID 9)', asked: 'Ada Lovelace (ID 7)' });
  });
});
