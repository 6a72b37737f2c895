import assert from 'node:assert/strict';
import { readApiKeyText } from '../../../../src/looker/apiKeys/pastedApiKey';
import type { Draft } from '../../../../src/vscode/login/loginDraft';
import { Probing } from '../../../../src/vscode/login/probing';
import { takeHosts, takePasted, takeSecretAway } from '../../../../src/vscode/login/takePasted';

const ID = 'Ab3dEf6hIj9kLm2nOp5q';
const SECRET = 'Zy8xWv5uTs2rQp9oNm6lKj3i';
const URL_ = 'https://beta.cloud.looker.com';

function emptyDraft(): Draft {
  return {
    isSettled: false,
    isForExtension: false,
    probing: new Probing(() => new Promise(() => undefined)),
    clientId: '',
    clientSecret: '',
    isPasted: false,
    pastedHosts: [],
    keepsKey: true,
  };
}

/** The base URLs that the draft has after a paste. */
function pastedIn(text: string, draft = emptyDraft()): readonly (string | undefined)[] {
  const key = readApiKeyText(text);
  assert.ok(key);
  return takePasted(draft, key, text).pastedHosts.map(({ baseUrl }) => baseUrl);
}

describe('a pasted key', () => {
  it('is kept with the instance that its text says it is for, or else with all hosts there', () => {
    const key = `client_id=${ID} client_secret=${SECRET}`;
    assert.deepEqual(pastedIn(`base_url=${URL_} ${key} # acme.cloud.looker.com`), [URL_]);
    assert.deepEqual(pastedIn(`beta.cloud.looker.com acme.cloud.looker.com ${key}`), [
      URL_,
      'https://acme.cloud.looker.com',
    ]);
    assert.deepEqual(pastedIn(key), []);
  });

  it('replaces the hosts of an earlier one', () => {
    const draft = emptyDraft();
    pastedIn(`host=beta.cloud.looker.com ${ID} client_secret=${SECRET}`, draft);
    pastedIn(`${ID} ${SECRET}`, draft);
    assert.deepEqual(draft.pastedHosts, []);
  });

  it('keeps its hosts while only one half is left in the box', () => {
    const draft = emptyDraft();
    takeHosts(draft, `Client ID ${ID} for beta.cloud.looker.com`);
    takeHosts(draft, ID);
    assert.deepEqual(
      draft.pastedHosts.map(({ hostname }) => hostname),
      ['beta.cloud.looker.com'],
    );
  });

  it('leaves its URL in the box for the URL, if there is only one', () => {
    const key = `client_id: ${ID} client_secret: ${SECRET}`;
    for (const [text, left] of [
      [`host: beta.cloud.looker.com ${key}`, URL_],
      [`base_url=${URL_}:19999/ ${key}`, `${URL_}:19999/`],
      [`base_url=https://${ID}:${SECRET}@beta.cloud.looker.com ${key}`, URL_],
      [`beta.cloud.looker.com acme.cloud.looker.com ${key}`, ''],
      [`https://gw.beta.com/looker/ ${key}`, ''],
      [key, ''],
      [URL_, undefined],
    ] as const) {
      assert.equal(takeSecretAway(emptyDraft(), text), left, text);
    }
  });
});
