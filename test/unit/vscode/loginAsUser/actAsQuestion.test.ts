import assert from 'node:assert/strict';
import { actAsQuestion, type ActAsState } from '../../../../src/vscode/loginAsUser/actAsQuestion';
import { ADA } from '../../../support/accountStatus';

const ask = (state: Partial<ActAsState>) =>
  actAsQuestion({
    admin: ADA.account,
    user: { id: '12', name: 'Grace Hopper' },
    hasAssociative: false,
    isForExtension: false,
    ...state,
  });

describe('the question before acting as a user', () => {
  it('names the user, the host and the admin, and has one button', () => {
    const { question, detail, buttons } = ask({});
    assert.equal(question, 'Act as Grace Hopper on acme.cloud.looker.com?');
    assert.match(
      detail,
      /^You stay logged in as Ada Lovelace.*This user's ID: 12\.\n\nLooker knows/s,
    );
    assert.deepEqual(buttons, [{ label: 'Act as This User', associative: undefined }]);
  });

  it("names the ID if Looker doesn't say who has it", () => {
    assert.equal(
      ask({ user: { id: '404' } }).question,
      'Act as user 404 on acme.cloud.looker.com?',
    );
  });

  it("has a button for each activity that Looker can record, the admin's first: its default", () => {
    const { detail, buttons } = ask({ hasAssociative: true });
    assert.match(detail, /can record your activity under your name \(Ada Lovelace\)/);
    assert.deepEqual(
      buttons.map(({ associative }) => associative),
      [true, false],
    );
  });

  it('says if another extension requests it', () => {
    assert.match(ask({ isForExtension: true }).detail, /^An extension is asking for this\./);
  });

  it("shows the host, whatever the user's name is", () => {
    const { question } = ask({ user: { id: '12', name: 'Grace '.repeat(1000) } });
    assert.ok(question.length < 110);
    assert.ok(question.endsWith(' on acme.cloud.looker.com?'));
  });
});
