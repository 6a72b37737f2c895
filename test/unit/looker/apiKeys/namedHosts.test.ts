import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hostsInsteadOf, namedHosts } from '../../../../src/looker/apiKeys/namedHosts';

const ID = 'Ab3dEf6hIj9kLm2nOp5q';
const SECRET = 'Zy8xWv5uTs2rQp9oNm6lKj3i';
const HOST = 'beta.cloud.looker.com';
const URL_ = `https://${HOST}`;
const CURRENT = 'https://acme.cloud.looker.com';

/** The base URLs, or the hosts without one, that a key in this text is for instead of the current instance. */
const insteadIn = (text: string, current = CURRENT) =>
  hostsInsteadOf(current, namedHosts(text)).map(({ hostname, baseUrl }) => baseUrl ?? hostname);

describe('the hosts that a text with an API key names', () => {
  const texts: [what: string, text: string][] = [
    ['a field', `host: ${HOST}\nport: 443\nclient_id: ${ID}\nclient_secret: ${SECRET}`],
    ['.netrc', `machine ${HOST} login ${ID} password ${SECRET}`],
    ['JSON', `{"host":"${HOST}","client_id":"${ID}","client_secret":"${SECRET}"}`],
    ['JSON of a connector', `{"domain": "${HOST}", "client_id": "${ID}"}`],
    ['escaped JSON', `"{\\"base_url\\": \\"${URL_}\\", \\"client_id\\": \\"${ID}\\"}"`],
    ['JSON with escaped slashes', String.raw`{"url":"https:\/\/${HOST}\/"}`],
    ['a variable', `LOOKER_HOST=${HOST}\nLOOKER_CLIENT_ID=${ID}`],
    ['an option', `gzr user me --host ${HOST} --client-id=${ID} --client-secret=${SECRET}`],
    ['a name and its value', `{"key": "host", "value": "${HOST}"}, {"key": "id", "value": "x"}`],
    ['a message', `Here is your API key for ${HOST}:\nClient ID: ${ID}\nClient Secret: ${SECRET}`],
    ['the end of a sentence', `${ID} ${SECRET}, for ${HOST}. Ask me if it fails.`],
    ['a message with a link to the docs', `${URL_} ${ID} https://cloud.google.com/looker/docs/api`],
    ['a message with a signature', `Key for ${URL_}: ${ID}\n--\nAda, https://www.acme.com`],
    ['a message with a link to a chat', `${URL_} ${ID} (https://acme.slack.com/archives/C01/p17)`],
    ['two URLs of one host', `website: ${URL_}\nwebsite: ${URL_}:19999\nusername: ${ID}`],
    ['credentials before a host', `${ID}:${SECRET}@${HOST}`],
    ['credentials in a URL', `https://${ID}:${SECRET}@${HOST}`],
    ['a command', `curl -d "client_id=${ID}&client_secret=${SECRET}" ${HOST}/api/4.0/login`],
    ['a row of a table', `name,host,username,password\nLooker,${HOST},${ID},${SECRET}`],
    ['a quoted row', `"Looker","${ID}","${SECRET}","${HOST}",""`],
    ['HTML', `<a href="${URL_}">${HOST}</a> ${ID}`],
    ['Markdown', `[Looker](${URL_}) **ID:** ${ID}`],
    ['a form body', `base_url=https%3A%2F%2F${HOST}&client_id=${ID}`],
    ['a link that a mail program replaced', redirect(`${URL_}/account`)],
    ['capital letters', `${HOST.toUpperCase()} ${ID}`],
  ];
  for (const [what, text] of texts) {
    for (const line of [text, text.replaceAll('\n', ' ')]) {
      it(`are found in ${what}: ${JSON.stringify(line.slice(0, 50))}`, () => {
        const [url = '', ...others] = insteadIn(line);
        assert.deepEqual([new URL(url).hostname, others], [HOST, []]);
        assert.deepEqual(insteadIn(line, URL_), []);
        assert.deepEqual(insteadIn(line, `${URL_}:19999`), []);
      });
    }
  }

  const others: [what: string, text: string, instead: readonly string[]][] = [
    ['a path that no base URL has', 'https://gw.beta.com/looker/', ['gw.beta.com']],
    ['a host of the intranet', `LOOKER_HOST=looker client_id=${ID}`, ['https://looker']],
    ['an address', 'machine 10.0.0.5 login x', ['https://10.0.0.5']],
    ['an address with a port', '10.0.0.5:19999', ['https://10.0.0.5:19999']],
    ['a URL without encryption', 'http://bi.beta.com:9999', ['http://bi.beta.com:9999']],
    ['a host in prose', 'Key for bi.beta.com:', ['https://bi.beta.com']],
    ['only a signature', `${ID} https://www.beta.com`, ['https://www.beta.com']],
    ['two instances', `${URL_} https://looker.beta.dev`, [URL_, 'https://looker.beta.dev']],
    ['the current instance, too', `${URL_} acme.cloud.looker.com`, []],
    ['a signature beside a host that may be a file', 'bi.acme.sh https://www.acme.com', []],
    ['a link to a page', 'https://wiki.beta.com/display/x', []],
  ];
  for (const [what, text, instead] of others) {
    it(`are the right ones for ${what}`, () => {
      const current = text.includes('bi.acme.sh') ? 'https://bi.acme.sh' : CURRENT;
      assert.deepEqual(insteadIn(text, current), instead);
    });
  }

  for (const text of [
    `Client ID: ${ID} Client Secret: ${SECRET}`,
    `see looker.ini, config.yaml, client.id=${ID} and app.client.id: ${ID}`,
    'looker_sdk.init40("looker.ini") this.client.secret = process.env.LOOKER_SECRET',
    'Looker 24.12.7, API 4.0, 1.2.3.4, 10.0.0.5',
    `ada@beta.cloud.looker.com mailto:ada.b@bi.beta.com ${ID}`,
    '<your-instance>.cloud.looker.com https://${NAME}.cloud.looker.com https://acme.$X.looker.com',
    'https://docs.looker.com cloud.google.com/looker https://github.com/looker-open-source/sdk',
    'url: https://github.com/acme/bi, https://acme.slack.com',
    'host: port: domain: sales url: $URL hostname: client_id',
  ]) {
    it(`aren't seen in ${JSON.stringify(text)}`, () => {
      assert.deepEqual(insteadIn(text), []);
    });
  }

  it('are never only others than the current one if the text names the current one', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9]{1,12}$/);
    const hosts = fc.tuple(label, fc.constantFrom('cloud.looker.com', 'looker.app', 'looker.com'));
    const host = hosts.map((parts) => parts.join('.')).filter((host) => !/^(www|docs)/.test(host));
    const named = fc.constantFrom<(host: string) => string>(
      (host) => host,
      (host) => `https://${host}`,
      (host) => `https://${host}:19999/api/4.0`,
      (host) => `https://${host}/explore/model/view?x=1`,
      (host) => `host: ${host}`,
      (host) => `"instance": "${host}"`,
      (host) => `(${host})`,
      (host) => `${ID}:${SECRET}@${host}`,
    );
    const sign = fc.constantFrom(' ', '\n', ', ', ' | ', '\t');
    const text = fc.tuple(fc.array(fc.tuple(host, named), { minLength: 1, maxLength: 4 }), sign);
    fc.assert(
      fc.property(text, ([all, sign]) => {
        const key = `client_id=${ID} client_secret=${SECRET}`;
        const written = [...all.map(([host, named]) => named(host)), key].join(sign);
        const names = all.map(([host]) => host).filter((host) => tryHost(host));
        for (const name of names) assert.deepEqual(insteadIn(written, `https://${name}`), []);
        const instead = insteadIn(written, 'https://current.cloud.looker.com');
        assert.deepEqual(
          new Set(instead.map((url) => new URL(url).hostname)),
          new Set(names.includes('current.cloud.looker.com') ? [] : names),
        );
      }),
    );
  });
});

/** Whether a random host isn't one of the websites about Looker. */
function tryHost(host: string): boolean {
  return namedHosts(host).length > 0;
}

function redirect(url: string): string {
  return `https://nam02.safelinks.protection.outlook.com/?url=${encodeURIComponent(url)}&data=05`;
}
