import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readApiKeyText } from '../../../src/looker/apiKeyText';

const ID = 'Ab3dEf6hIj9kLm2nOp5q';
const SECRET = 'Zy8xWv5uTs2rQp9oNm6lKj3i';
const URL_ = 'https://acme.cloud.looker.com';
const both = { clientId: ID, clientSecret: SECRET };
const all = { ...both, baseUrl: URL_ };

describe('an API key in a pasted text', () => {
  const texts: [what: string, text: string, says: ReturnType<typeof readApiKeyText>][] = [
    ['two lines', `${ID}\n${SECRET}\n`, both],
    ['two words', ` ${ID} ${SECRET} `, both],
    ['cells of a table', `${ID}\t${SECRET}`, both],
    ['id:secret', `${ID}:${SECRET}`, both],
    [
      'a section of looker.ini',
      `[Looker]\n# API 3 client id\nclient_id=${ID}\n# API 3 client secret\nclient_secret = ${SECRET}\nbase_url=${URL_}\nverify_ssl=True`,
      all,
    ],
    [
      'the same, run together by a one-line box',
      `[Looker] # API 3 client id client_id=${ID} # API 3 client secret client_secret=${SECRET} base_url=${URL_} verify_ssl=True`,
      all,
    ],
    [
      'lines of an .env file',
      `LOOKERSDK_BASE_URL=${URL_}\nLOOKERSDK_CLIENT_ID=${ID}\nLOOKERSDK_CLIENT_SECRET=${SECRET}`,
      all,
    ],
    [
      'exports with quotes',
      `export LOOKERSDK_CLIENT_ID="${ID}" export LOOKERSDK_CLIENT_SECRET='${SECRET}'`,
      both,
    ],
    ['JSON', JSON.stringify({ ...{ client_id: ID, client_secret: SECRET, base_url: URL_ } }), all],
    ['JSON in camel case', JSON.stringify(all, undefined, 2), all],
    ['YAML', `client_id: ${ID}\nclient_secret: ${SECRET}`, both],
    ['words of a message', `Client ID: ${ID}, Client Secret: ${SECRET}`, both],
    ['the id alone, by name', `client_id=${ID}`, { clientId: ID }],
    [
      'the secret alone, by name',
      `export LOOKERSDK_CLIENT_SECRET=${SECRET}`,
      { clientSecret: SECRET },
    ],
    ['the same key twice', `client_id=${ID} client_secret=${SECRET} client_id=${ID}`, both],
    ['a plain id', ID, undefined],
    ['a URL', URL_, undefined],
    ['a URL with port', `${URL_}:19999`, undefined],
    ['words', 'the client id', undefined],
    ['a base URL alone', `base_url=${URL_}`, undefined],
    ['names without values', 'client_id= client_secret=', undefined],
    [
      'two sections',
      `[a]\nclient_id=${ID}\nclient_secret=${SECRET}\n[b]\nclient_id=other\nclient_secret=another`,
      undefined,
    ],
  ];
  for (const [what, text, says] of texts) {
    it(says ? `is understood from ${what}` : `is not seen in ${what}`, () => {
      assert.deepEqual(readApiKeyText(text), says);
    });
  }

  const part = fc.stringMatching(/^[A-Za-z0-9]{16,40}$/);

  it('is read from any text without failing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        readApiKeyText(text);
      }),
    );
  });

  it('is nothing but an id where there is one word', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_.+/-]{1,60}$/), (word) => {
        assert.equal(readApiKeyText(word), undefined);
      }),
    );
  });

  it('keeps id and secret apart, whatever the key and the form', () => {
    const forms = fc.constantFrom<(id: string, secret: string) => string>(
      (id, secret) => `${id}\n${secret}`,
      (id, secret) => `${id}:${secret}`,
      (id, secret) => `client_secret=${secret}\nclient_id=${id}`,
      (id, secret) => `{"client_id":"${id}","client_secret":"${secret}"}`,
      (id, secret) => `LOOKERSDK_CLIENT_ID='${id}' LOOKERSDK_CLIENT_SECRET="${secret}"`,
    );
    fc.assert(
      fc.property(part, part, forms, (clientId, clientSecret, form) => {
        assert.deepEqual(readApiKeyText(form(clientId, clientSecret)), { clientId, clientSecret });
      }),
    );
  });
});
