import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readApiKeyText, showsSecret } from '../../../../src/looker/apiKeys/pastedApiKey';
import type { Draft } from '../../../../src/vscode/login/loginDraft';
import { Probing } from '../../../../src/vscode/login/probing';
import {
  seenInList,
  takeHosts,
  takePasted,
  takeSecretAway,
} from '../../../../src/vscode/login/takePasted';

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

  const token = 'mt6Xc8jJC9GfJzKBQ5SqFZTZRVX8KY6k49TMPS8F';
  const secret = fc.stringMatching(/^[A-Za-z0-9]{24}$/).filter((word) => /\d/.test(word));
  const form = fc.constantFrom<(secret: string) => string>(
    (secret) => secret,
    (secret) => ` "${secret}",`,
    (secret) => `Client Secret ${secret}`,
    (secret) => `password: ${secret}`,
    (secret) => `client_id=${ID} client_secret=${secret} client_secret=other${secret}`,
    (secret) => `DEV_CLIENT_ID=${ID} PROD_CLIENT_SECRET=${secret}`,
    (secret) => `${URL_}/?a=${secret}`,
    (secret) => `base_url=https://${ID}:${secret}@beta.cloud.looker.com client_secret=${secret}`,
    (secret) => `https://ada:${secret}@beta.cloud.looker.com`,
    (secret) => `client_secret=${secret.slice(0, 14)} ${secret.slice(14)}`,
    (secret) => `${ID}${secret}`,
    (secret) => btoa(secret),
    () => `Authorization: token ${token}`,
    () => `{"access_token":"${token}"}`,
  );

  it('is never seen in the list of instances, where text is read while it is typed', () => {
    fc.assert(
      fc.property(secret, form, (secret, form) => {
        const text = form(secret);
        const seen = seenInList(emptyDraft(), text) ?? text;
        assert.ok(!showsSecret(seen), seen);
        for (const part of [secret.slice(0, 14), token, btoa(secret)]) {
          assert.ok(!seen.includes(part), seen);
        }
      }),
    );
    for (const text of [
      '',
      'ac',
      URL_,
      `${URL_}/explore/a/b?qid=AbCdEf1234567890AbCdEf`,
      'My key',
    ]) {
      assert.equal(seenInList(emptyDraft(), text), undefined, text);
    }
    assert.equal(seenInList(emptyDraft(), `${URL_}/?a=${SECRET}`), URL_);
  });

  it('is left for the next box, which is masked, if it is only a secret', () => {
    const draft = emptyDraft();
    const urlAfter = (typed: string) => {
      seenInList(draft, typed);
      return draft.url;
    };
    assert.deepEqual([SECRET, '', 'acme'].map(urlAfter), [SECRET, SECRET, undefined]);
    assert.equal(urlAfter(`${ID} ${SECRET}`), undefined);
  });
});
