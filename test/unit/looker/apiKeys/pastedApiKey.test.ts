import assert from 'node:assert/strict';
import fc from 'fast-check';
import { clientIdBox, mayHoldSecret } from '../../../../src/looker/apiKeys/clientIdBox';
import { looksLikeClientSecret } from '../../../../src/looker/apiKeys/keyShape';
import { LENGTH } from '../../../../src/looker/apiKeys/partOfHalf';
import {
  readApiKeyText,
  readClientId,
  readClientSecret,
  showsSecret,
} from '../../../../src/looker/apiKeys/pastedApiKey';

const ID = 'Ab3dEf6hIj9kLm2nOp5q';
const SECRET = 'Zy8xWv5uTs2rQp9oNm6lKj3i';
const ITEM = 'a1b2c3d4e5f6g7h8i9j0k1l2m3';
const URL_ = 'https://acme.cloud.looker.com';
const both = { clientId: ID, clientSecret: SECRET };
const all = { ...both, baseUrl: URL_ };

describe('an API key in a pasted text', () => {
  const texts: [what: string, text: string, says: ReturnType<typeof readApiKeyText>][] = [
    ['two lines', `${ID}\n${SECRET}\n`, both],
    ['two words', ` ${ID} ${SECRET} `, both],
    ['cells of a table', `${ID}\t${SECRET}`, both],
    ['id:secret', `${ID}:${SECRET}`, both],
    ['secret:id, recognized by their lengths', `${SECRET}:${ID}`, both],
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
    ['a sentence in a message', `Client ID: ${ID}, Client Secret: ${SECRET}`, both],
    ['the named ID alone', `client_id=${ID}`, { clientId: ID }],
    [
      'the secret alone, by name',
      `export LOOKERSDK_CLIENT_SECRET=${SECRET}`,
      { clientSecret: SECRET },
    ],
    ['a form body', `client_id=${ID}&client_secret=${SECRET}`, both],
    ['a form body for a command', `-d "client_id=${ID}&client_secret=${SECRET}&x=1"`, both],
    ['lines of Ruby', `:client_id => "${ID}",\n:client_secret => "${SECRET}",`, both],
    ['lines of PHP', `'client_id' => '${ID}', 'client_secret' => '${SECRET}'`, both],
    ['options of a command', `--client-id ${ID} --client-secret '${SECRET}'`, both],
    ['options with =', `--client_id=${ID} --client_secret=${SECRET}`, both],
    [
      'PowerShell',
      `$env:LOOKERSDK_CLIENT_ID = "${ID}"; $env:LOOKERSDK_CLIENT_SECRET = "${SECRET}"`,
      both,
    ],
    ['Markdown', `- **Client ID:** \`${ID}\`\n- **Client Secret:** \`${SECRET}\``, both],
    ['a table in Markdown', `| client_id | ${ID} |\n| client_secret | ${SECRET} |`, both],
    ['two quoted words', `"${ID}", "${SECRET}"`, both],
    ['two words with a slash', `${ID} / ${SECRET}`, both],
    ['words about id and secret', `id: ${ID}\nsecret: ${SECRET}`, both],
    ["Looker's own JSON", `{"id":"12","client_id":"${ID}","client_secret":"${SECRET}"}`, both],
    [
      'text with invisible characters',
      `\ufeffclient_id=\u200b${ID}\nclient_secret=${SECRET}\u200b`,
      both,
    ],
    [
      'an ID in a sentence, and an invalid secret',
      `client_id=${ID} client_secret=$SECRET`,
      { clientId: ID },
    ],
    [
      'a special character in place of an ID',
      `:client_id => >\n:client_secret => "${SECRET}"`,
      { clientSecret: SECRET },
    ],
    // The words between them can be in any language; the lengths tell them apart.
    ["Looker's page", `Client ID Client Secret ${ID} ${SECRET}`, both],
    ['German', `Client-ID: ${ID}\nClient-Geheimnis: ${SECRET}`, both],
    ['Portuguese', `ID do cliente: ${ID} Segredo do cliente: ${SECRET}`, both],
    ['Japanese', `クライアント ID: ${ID}\nクライアント シークレット: ${SECRET}`, both],
    ['Chinese', `客户端 ID：${ID}\n客户端密钥：${SECRET}`, both],
    ['.netrc', `machine acme.cloud.looker.com login ${ID} password ${SECRET}`, both],
    ['a password manager', `Title,Url,Username,Password\nLooker,${URL_},${ID},${SECRET}`, all],
    [
      "a password manager's JSON",
      `{"login":{"username":"${ID}","password":"${SECRET}","uris":[{"uri":"${URL_}"}]}}`,
      all,
    ],
    ['a table', `client_id,client_secret\n${ID},${SECRET}`, both],
    ['names and values', `name: LOOKERSDK_CLIENT_ID value: ${ID} name: X value: "${SECRET}"`, both],
    ['XML', `<client_id>${ID}</client_id><client_secret>${SECRET}</client_secret>`, both],
    ['setx', `setx LOOKERSDK_CLIENT_ID ${ID} & setx LOOKERSDK_CLIENT_SECRET ${SECRET}`, both],
    ['an id by name and a password', `client_id: ${ID}, password: ${SECRET}`, both],
    ['a list', `1. ${ID} 2. ${SECRET}`, both],
    // Labels before the values: the last label may be followed by the other one's value.
    ['a label for both', `Client ID and Secret: ${ID} ${SECRET}`, both],
    ['a label for both with a sign', `Client ID & Secret: ${ID} ${SECRET}`, both],
    ['labels with a comma', `Client ID, Client Secret: ${ID}, ${SECRET}`, both],
    ['labels with a slash', `Client Secret / Client ID: ${SECRET} / ${ID}`, both],
    ['short labels', `id, secret: ${ID}, ${SECRET}`, both],
    ['short labels, the secret first', `Client Secret, ID: ${SECRET}, ${ID}`, both],
    ['lines of labels', `Client ID:\nClient Secret:\n${ID}\n${SECRET}`, both],
    ['a row of a table', `Client Secret | Client ID | ${SECRET} | ${ID} |`, both],
    ['a table in a chat', `| Client ID | Client Secret |\n| ${ID} | ${SECRET} |`, both],
    ['a table in an issue', `||Client ID||Client Secret||\n|${ID}|${SECRET}|`, both],
    ['columns in camel case', `clientId|clientSecret\n${ID}|${SECRET}`, both],
    ['labels of three', `Client ID, Secret, Base URL: ${ID}, ${SECRET}, ${URL_}`, both],
    ['a wrong label', `Client secret: ${ID} ${SECRET}`, both],
    ['a secret by the wrong name', `Client ID: ${SECRET}`, { clientId: SECRET }],
    ['swapped names', `client_id=${SECRET} client_secret=${ID}`, both],
    ['an HTTP header', `Authorization: Basic ${btoa(`${ID}:${SECRET}`)}`, both],
    ['Base64 of each part', `client_id: ${btoa(ID)}\nclient_secret: ${btoa(SECRET)}`, both],
    ['Base64 of lines', `client_id: ${btoa(`${ID}\n`)}\nsecret: ${btoa(`${SECRET}\n`)}`, both],
    [
      'Base64 of lines with Windows line ends',
      `${btoa(`${ID}\r\n`)} ${btoa(`${SECRET}\r\n`)}`,
      both,
    ],
    ['a header made from a line', `Basic ${btoa(`${ID}:${SECRET}\n`)}`, both],
    ['a header made from two lines', `Basic ${btoa(`${ID}\n:${SECRET}\n`)}`, both],
    ['a command', `curl -u ${ID}:${SECRET} ${URL_}/api/4.0/login`, all],
    ['a URL with the key in it', `https://${ID}:${SECRET}@acme.cloud.looker.com`, all],
    ['a URL with the key behind it', `${URL_}/login?client_id=${ID}&client_secret=${SECRET}`, all],
    ['a pair and two URLs', `${URL_} https://evil.test ${ID} ${SECRET}`, both],
    [
      'a named half that is another',
      `client_id=${ID.slice(2)} ${ID} ${SECRET}`,
      { clientId: ID.slice(2) },
    ],
    ['two words that are no keys', 'internationalization and counterrevolutionariesx', undefined],
    // An item of a password manager has an ID of its own.
    [
      'an item of 1Password',
      `ID: ${ITEM}\nFields:\n  username: ${ID}\n  password: ${SECRET}`,
      both,
    ],
    ['the same, with names', `ID: ${ITEM}\nclient_id: ${ID}\nclient_secret: ${SECRET}`, both],
    ['an ID of another length', `id: ${ITEM}\nsecret: ${SECRET}`, { ...both, clientId: ITEM }],
    // Escaped in another text.
    ['a line in JSON', `"client_id=${ID}\\nclient_secret=${SECRET}\\n"`, both],
    ['two words in JSON', `"${ID}\\n${SECRET}"`, both],
    ['a form body in a URL', `client_id%3D${ID}%26client_secret%3D${SECRET}`, both],
    ['JSON in a URL', `%7B%22client_id%22%3A%22${ID}%22%2C%22secret%22%3A%22${SECRET}%22%7D`, both],
    ['a page without its gaps', `Client ID${ID}Client Secret${SECRET}`, both],
    ['lines without their ends', `Client ID:${ID}Client Secret:${SECRET}`, both],
    ['settings without line ends', `client_id=${ID}client_secret=${SECRET}`, both],
    ['names of one tool', `LOOKER_CLIENT_ID=${ID} LOOKERSDK_CLIENT_SECRET=${SECRET}`, both],
    ['halves of two keys', `DEV_CLIENT_ID=${ID} PROD_CLIENT_SECRET=${SECRET}`, undefined],
    ["another tool's secret", `LOOKER_CLIENT_ID=${ID} OKTA_CLIENT_SECRET=${SECRET}`, undefined],
    [
      'a URL and a key of two instances',
      `DEV_BASE_URL=${URL_} PROD_CLIENT_ID=${ID} PROD_CLIENT_SECRET=${SECRET}`,
      undefined,
    ],
    ['two keys', `client_id=${ID} client_secret=${SECRET} client_id=${SECRET}`, undefined],
    ['the same ID and secret', `client_id=${ID} client_secret=${ID}`, undefined],
    ['variables', 'client_id=${ID}&client_secret=$(cat secret)', undefined],
    ['placeholders', 'client_id=<your client id> client_secret=<your client secret>', undefined],
    ['the same key twice', `client_id=${ID} client_secret=${SECRET} client_id=${ID}`, both],
    ['a plain ID', ID, undefined],
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
  const [start, end] = [SECRET.slice(0, 12), SECRET.slice(12)];
  const broken: [what: string, text: string][] = [
    ['an invisible character', `${start}\u200b${end}`],
    ['a blank', `${start} ${end}`],
    ['a line end', `${start}\r\n${end}`],
    ['quotes', `"${start}" "${end}"`],
    ['a plus sign', `"${start}" + "${end}"`],
    ['a backslash', `"${start}" \\\n"${end}"`],
    ['a word joiner in a cell', `${start}\u2060${end} |`],
    ['an ellipsis', `${start}…`],
    ['three periods', `"${start}...",`],
    ['a mask', `${start}************`],
    ['a short mask', `${start}**`],
    ['a mask of dots', `${start}••••`],
    ['a mask of letters', `${start}xxxx`],
    ['two periods', `${start}..`],
    ['a word in brackets', `${start}[redacted]`],
    ['a word in angle brackets', `${start}<rest>`],
    ['a variable', `${start}{{rest}}`],
    ['a word in parentheses', `${start} (truncated)`],
    ['an entity', `${start}&hellip;`],
  ];
  for (const [what, value] of broken) {
    it(`isn't taken from half a secret before ${what}`, () => {
      assert.equal(readApiKeyText(`client_secret=${value}`), undefined);
      for (const text of [
        `client_id=${ID}\nclient_secret=${value}`,
        `client_secret: ${value} client_id: ${ID}`,
      ]) {
        assert.deepEqual(readApiKeyText(text), { clientId: ID });
      }
      for (const text of [value, `client_secret=${value}`, `client_id=${value}`]) {
        assert.ok('problem' in readClientId(text), text);
        assert.ok('problem' in readClientSecret(text), text);
      }
    });
  }

  it("isn't taken from the end of a half whose beginning is masked or cut off", () => {
    for (const omitted of ['…', '...', '****', '************']) {
      for (const text of [`${omitted}${end}`, `"${omitted}${end}"`, `${omitted} ${end}`]) {
        assert.ok('problem' in readClientId(text), text);
        assert.ok('problem' in readClientSecret(text), text);
      }
    }
    assert.deepEqual(readApiKeyText(`client_id=${ID} client_secret=****${end}`), { clientId: ID });
    for (const text of [`**${ID}**`, `***${ID}***`, `… ${ID}`]) {
      assert.deepEqual(readClientId(text), { value: ID });
    }
  });

  it("isn't taken from halves that are broken in the columns of a table", () => {
    const row = (id: string, secret: string) => `| ${id.padEnd(13)} | ${secret.padEnd(13)} |`;
    const text = [
      row('client_id', 'client_secret'),
      row(ID.slice(0, 11), SECRET.slice(0, 11)),
      row(ID.slice(11), SECRET.slice(11)),
    ].join('\n');
    assert.equal(readApiKeyText(text), undefined);
  });

  it('may have another length if it stands alone', () => {
    for (const length of [12, 16, 18, 22, 23, 32, 64]) {
      const secret = 'Zy8xWv5uTs2rQp9oNm6lKj3iZy8xWv5uTs2rQp9oNm6lKj3iZy8xWv5uTs2rQp9oNm'.slice(
        0,
        length,
      );
      for (const text of [
        `client_secret=${secret}`,
        `client_secret="${secret}"`,
        `client_secret: ${secret}.`,
        `"client_secret": "${secret}", "verify_ssl": true}`,
        `Client Secret: ${secret}</td>`,
        `Client Secret: ${secret}<br>Client ID: ${ID}<br>`,
        `**Client Secret:** **${secret}**`,
        `* Client Secret: \`${secret}\``,
        `client_secret=${secret}&client_id=${ID}`,
        `export LOOKERSDK_CLIENT_SECRET=${secret}\nexport LOOKERSDK_CLIENT_ID=${ID}`,
        `set LOOKERSDK_CLIENT_SECRET=${secret} set LOOKERSDK_CLIENT_ID=${ID}`,
        `| client_secret | ${secret} |\n| client_id | ${ID} |`,
        `:client_secret => '${secret}',\n:client_id => '${ID}'`,
        `login('${ID}', client_secret='${secret}')`,
        `client_secret: ${secret}\nbase_url: ${URL_}\nverify_ssl: true`,
      ]) {
        assert.equal(readApiKeyText(text)?.clientSecret, secret, text);
        assert.deepEqual(readClientSecret(text), { value: secret }, text);
      }
      for (const text of [secret, ` "${secret}",`, `**${secret}**`, `• ${secret}`, `${secret}.`]) {
        assert.deepEqual(readClientSecret(text), { value: secret }, text);
      }
    }
  });

  it('is complete if something else follows', () => {
    const short = ID.slice(2);
    for (const text of [
      `Client ID: ${short} Client Secret: ${SECRET}`,
      `client_id=${short} client_secret=${SECRET}`,
      `clientId: ${short} secret: ${SECRET}`,
      `client_id: ${short} token: x, client_secret: ${SECRET}`,
    ]) {
      assert.deepEqual(readApiKeyText(text), { clientId: short, clientSecret: SECRET }, text);
    }
    assert.deepEqual(readApiKeyText(`Client ID: ${ID} prod`), { clientId: ID });
    assert.deepEqual(readApiKeyText(`Client ID: ${ID}…`), { clientId: ID });
    assert.deepEqual(readClientId(`${ID}...`), { value: ID });
  });

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

  it("isn't found in a single word", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_.+/-]{1,60}$/), (word) => {
        assert.equal(readApiKeyText(word), undefined);
      }),
    );
  });

  it('keeps ID and secret apart for any key and format', () => {
    const forms = fc.constantFrom<(id: string, secret: string) => string>(
      (id, secret) => `${id}\n${secret}`,
      (id, secret) => `${id}:${secret}`,
      (id, secret) => `client_secret=${secret}\nclient_id=${id}`,
      (id, secret) => `{"client_id":"${id}","client_secret":"${secret}"}`,
      (id, secret) => `LOOKERSDK_CLIENT_ID='${id}' LOOKERSDK_CLIENT_SECRET="${secret}"`,
    );
    fc.assert(
      fc.property(part, part, forms, (clientId, clientSecret, form) => {
        fc.pre(clientId !== clientSecret);
        // These lengths alone mean that the secret comes first.
        fc.pre(!(clientId.length === 24 && clientSecret.length === 20));
        assert.deepEqual(readApiKeyText(form(clientId, clientSecret)), { clientId, clientSecret });
      }),
    );
  });

  describe('in the box for one half', () => {
    for (const text of [
      ID,
      ` ${ID}\n`,
      `"${ID}"`,
      `'${ID}',`,
      `${ID};`,
      `\`${ID}\``,
      `**${ID}**`,
      `\u200b${ID}\ufeff`,
      `client_id=${ID}`,
      `${ID}:${SECRET}`,
      `client_id=${ID}&client_secret=${SECRET}`,
      `Client ID ${ID}`,
      `ID do cliente: ${ID}.`,
      btoa(ID),
      btoa(`${ID}\n`),
      `setx LOOKERSDK_CLIENT_ID "${ID}"`,
    ]) {
      it(`is the client ID in ${JSON.stringify(text)}`, () => {
        assert.deepEqual(readClientId(text), { value: ID });
      });
    }

    for (const text of [
      SECRET,
      `"${SECRET}",`,
      `client_secret: ${SECRET}`,
      `${ID} ${SECRET}`,
      `Client Secret ${SECRET}`,
      `senha: ${SECRET}`,
      btoa(SECRET),
      btoa(`${SECRET}\n`),
      `client_secret: ${btoa(`${SECRET}\n`)}`,
    ]) {
      it(`is the client secret in ${JSON.stringify(text)}`, () => {
        assert.deepEqual(readClientSecret(text), { value: SECRET });
      });
    }

    it('is a mistyped secret, which Looker will reject', () => {
      assert.deepEqual(readClientSecret('wrong-secret'), { value: 'wrong-secret' });
    });

    const none: [text: string, says: RegExp, isHidden?: 'hidden'][] = [
      ['', /Enter the client ID/],
      ['>', /Enter the client ID/],
      ['=>', /letters and digits only|isn't a single API key/],
      ['$CLIENT_ID', /letters and digits only/],
      ['Ab3dEf6hI', /isn't a whole client ID, which has 20 characters/],
      ['a'.repeat(65), /isn't a whole client ID, which has 20 characters/, 'hidden'],
      ['https://acme.looker.com', /isn't a single API key/, 'hidden'],
      ['ada@acme.com', /letters and digits only/],
      ['my client id', /isn't a single API key/],
      [`client_secret=${SECRET}`, /This is a client secret/, 'hidden'],
      [`${ID}${SECRET}`, /isn't a single API key/, 'hidden'],
      [`${ID} ${SECRET} ${ID}`, /isn't a single API key/, 'hidden'],
      [`password=${SECRET}`, /This is a client secret/, 'hidden'],
      [`a=${ID}&b=${SECRET}&c=${SECRET.toLowerCase()}`, /isn't a single API key/, 'hidden'],
      [`client_id=${ID} client_id=${SECRET}`, /isn't a single API key/, 'hidden'],
      ['client_secret=hunter2!', /isn't a single API key/, 'hidden'],
      [`${'x '.repeat(20_000)}${SECRET}`, /letters and digits only/, 'hidden'],
    ];
    for (const [text, says, isHidden] of none) {
      it(`is refused with a reason if the text isn't a client ID: ${JSON.stringify(text.slice(0, 60))}`, () => {
        const read = readClientId(text);
        assert.ok('problem' in read);
        assert.match(read.problem, says);
        assert.equal(mayHoldSecret(text), isHidden !== undefined);
      });
    }

    it('has the shape of a client secret only with the right length, whatever surrounds it', () => {
      for (const text of [SECRET, ` ${SECRET}\n`, `"${SECRET}",`, `${SECRET}\u200b`]) {
        assert.ok(looksLikeClientSecret(text), text);
        assert.ok(mayHoldSecret(text), text);
      }
      for (const text of ['', ID, SECRET.slice(1), `${SECRET}0`, SECRET.replace(/.$/, '_')]) {
        assert.ok(!looksLikeClientSecret(text), text);
      }
    });

    it("is refused with a reason if the text isn't a client secret", () => {
      for (const text of [
        '',
        ' ',
        '>',
        '$(cat secret)',
        'two words',
        `client_id=${ID}`,
        'https://x',
      ]) {
        const read = readClientSecret(text);
        assert.ok('problem' in read && read.problem !== '', text);
      }
    });
  });

  it('never has the ID of one key and the secret of another', () => {
    const half = (length: number) => fc.stringMatching(new RegExp(`^[A-Za-z0-9]{${length}}$`));
    const key = fc.record({ id: half(20), secret: half(24) });
    const form = fc.constantFrom<(id: string, secret: string) => string>(
      (id, secret) => `client_id=${id}\nclient_secret=${secret}`,
      (id, secret) => `client_secret: ${secret}, client_id: ${id}`,
      (id, secret) => `{"clientId":"${id}","clientSecret":"${secret}"}`,
      (id, secret) => `${id}:${secret}`,
      (id) => `client_id=${id}`,
      (_, secret) => `senha: ${secret}`,
      (id, secret) => `Client ID and Secret: ${id} ${secret}`,
      (id, secret) => `| Client Secret | Client ID |\n| ${secret} | ${id} |`,
      (id) => `secret: ${id}`,
    );
    fc.assert(
      fc.property(
        key,
        key,
        form,
        form,
        fc.constantFrom('\n', ' ', '&'),
        (one, other, a, b, sign) => {
          fc.pre(new Set([one.id, other.id, one.secret, other.secret]).size === 4);
          const text = a(one.id, one.secret) + sign + b(other.id, other.secret);
          const { clientId, clientSecret } = readApiKeyText(text) ?? {};
          const names = [one.id, other.id, one.secret, other.secret].filter((half) =>
            text.includes(half),
          );
          if (clientId === undefined || clientSecret === undefined || names.length < 3) return;
          assert.ok(
            [one, other].some(({ id, secret }) => id === clientId && secret === clientSecret),
            text,
          );
        },
      ),
      {
        numRuns: 50_000,
        examples: [
          // An ID that looks like an ordinary word by itself.
          [
            { id: 'Abcdefghijklmnopqrst', secret: SECRET },
            { id: ID, secret: SECRET.toLowerCase() },
            (id, secret) => `${id}:${secret}`,
            (id) => `client_id=${id}`,
            '\n',
          ],
        ],
      },
    );
  });

  it('never has halves whose names say that they belong to different keys', () => {
    const owner = fc.constantFrom('DEV', 'prod', 'okta', 'Looker', 'EU_1', 'us-2', 'my.app');
    const sign = fc.constantFrom('_', '-', '.');
    const between = fc.constantFrom('=', ': ', ' => ', '": "');
    const end = fc.constantFrom('\n', ' ', ', ', '&');
    fc.assert(
      fc.property(
        fc.tuple(owner, owner, owner),
        sign,
        between,
        end,
        fc.boolean(),
        ([one, two, three], sign, is, end, isReversed) => {
          const parts = [
            `${one}${sign}client${sign === '.' ? '_' : sign}id${is}${ID}`,
            `${two}${sign}client_secret${is}${SECRET}`,
            `${three}${sign}base_url${is}${URL_}`,
          ];
          const text = (isReversed ? parts.toReversed() : parts).join(end);
          const isOne = one === two && two === three;
          assert.deepEqual(readApiKeyText(text), isOne ? all : undefined, text);
        },
      ),
    );
  });

  it('is understood from labels before their values, in any order', () => {
    const half = (length: number) =>
      fc
        .stringMatching(new RegExp(`^[A-Za-z0-9]{${length}}$`))
        // Ordinary words aren't taken for halves of a key.
        .filter((word) => /\d|[a-z][A-Z]/.test(word));
    const label = fc.constantFrom<[id: string, secret: string]>(
      ['Client ID', 'Client Secret'],
      ['Client ID', 'Secret'],
      ['ID', 'Secret'],
      ['client_id', 'client_secret'],
      ['clientId', 'clientSecret'],
      ['client-id', 'client-secret'],
      ['LOOKERSDK_CLIENT_ID', 'LOOKERSDK_CLIENT_SECRET'],
      ['**Client ID**', '**Client Secret**'],
      ['"client_id"', '"client_secret"'],
    );
    const between = fc.constantFrom(
      ...[' ', ', ', ',', ';', '\t', '\n', ' / ', '/', ' | ', '|', '||', ' & ', ' and ', ' - '],
      ...[': ', ':\n', '=', ' = ', '=\n', ': / '],
    );
    const after = fc.constantFrom(
      ...[' ', ': ', ':', ':\n', '\n', '=', ' = ', ' => ', ' |\n| ', '||\n|', '|', ' (', '\t'],
    );
    const values = fc.constantFrom(
      ...[' ', ', ', ',', ';', '\t', '\n', ' / ', '/', ' | ', '|', ' & ', ' and ', ':', '", "'],
    );
    const end = fc.constantFrom('', '\n', ' |', '|', '.', ',', ')');
    fc.assert(
      fc.property(
        fc.tuple(half(20), half(24)),
        label,
        fc.tuple(between, after, values, end),
        fc.tuple(fc.boolean(), fc.boolean()),
        ([clientId, clientSecret], labels, [between, after, values, end], [isSwapped, isMixed]) => {
          const names = isSwapped ? labels.toReversed() : labels;
          const key = [clientId, clientSecret];
          const halves = isSwapped !== isMixed ? key.toReversed() : key;
          const text = names.join(between) + after + halves.join(values) + end;
          assert.deepEqual(readApiKeyText(text), { clientId, clientSecret }, text);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  describe('in the box for the client ID, which shows what it contains,', () => {
    const cases: [what: string, typed: string, shows: string, isHidden: boolean][] = [
      ['an ID', ID, ID, false],
      ['a key', `${ID} ${SECRET}`, ID, false],
      ['a key with labels', `Client Secret / Client ID: ${SECRET} / ${ID}`, ID, false],
      ['a key in a table', `Client Secret | Client ID | ${SECRET} | ${ID} |`, ID, false],
      ['a secret', SECRET, SECRET, true],
      ['a secret by the wrong name', `Client ID: ${SECRET}`, SECRET, true],
      ['a named secret', `client_secret=${SECRET}`, 'earlier', false],
      ['an ID that is as long as a secret', `${SECRET} ${SECRET}x`, SECRET, true],
      ['half a secret', `client_secret=${start} ${end}`, `client_secret=${start} ${end}`, true],
      ['a secret in Base64', btoa(SECRET), btoa(SECRET), true],
    ];
    for (const [what, typed, shows, isHidden] of cases) {
      it(`${isHidden ? 'is hidden' : 'is seen'} if it is ${what}`, () => {
        const { text, isHidden: hides } = clientIdBox(typed, 'earlier', false);
        assert.deepEqual([text, hides], [shows, isHidden]);
      });
    }

    it('stays hidden while it is edited, until it is removed or a key is pasted', () => {
      const hides = (typed: string) => clientIdBox(typed, '', true).isHidden;
      assert.deepEqual([SECRET.slice(1), ' ', '', `${ID}:${SECRET}`].map(hides), [
        true,
        true,
        false,
        false,
      ]);
    });
  });

  it('shows a secret that must be hidden, whatever surrounds it', () => {
    const token = 'mt6Xc8jJC9GfJzKBQ5SqFZTZRVX8KY6k49TMPS8F';
    const secrets = [
      SECRET,
      `${ID}${SECRET}`,
      token,
      btoa(SECRET),
      btoa(`${SECRET}\n`),
      `client_secret=hunter2`,
    ];
    for (const secret of secrets) {
      for (const text of [
        secret,
        `Authorization: token ${secret}`,
        `${URL_}/?a=${secret}&b`,
        `${URL_}/login?redirect=%2Fx%3Fa%3D${secret}%26b`,
        `"a\\n${secret}"`,
        `a\\u003d${secret}`,
        ...(secret === SECRET ? [`Client Secret${secret}`] : []),
      ]) {
        assert.ok(showsSecret(text), text);
      }
    }
    for (const url of ['https://ada:hunter2@acme.dev', `https://${ID}:x@acme.dev/?a=b`]) {
      assert.ok(showsSecret(url), url);
      assert.ok(showsSecret(`base_url=${url}`), url);
    }
    for (const text of [
      URL_,
      ID,
      `${URL_}:19999/?a@b:c`,
      `${URL_}/?client_id=${ID}`,
      'a'.repeat(40),
      `${token}0`,
    ]) {
      assert.ok(!showsSecret(text), text);
    }
  });

  it('is never half a secret that was broken in two', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{24}$/).filter((word) => /\d/.test(word));
    const gap = fc.constantFrom(
      ...[' ', '\n', '\r\n', '\t', '\u200b', '\u00ad', '\n\n', '\u3000', ', '],
      // Strings that are joined.
      ...['" + "', "' '", ' \\\n', "' . '", '" & "', "' || '", '" .. "', '" <> "', '"~"'],
      // Lines that something begins: a quoted mail, a comment, a list, a number, a table.
      ...['\n> ', '\n>> ', '\n# ', '\n// ', '\n* ', '\n3 ', '\n12: ', ' |\n|               | '],
      // Markup.
      ...['<br>', '<br />\n', '<wbr>', '&shy;', '&#8203;', '</b><b>'],
    );
    const form = fc.constantFrom<(secret: string) => string>(
      (secret) => `client_secret=${secret}`,
      (secret) => `client_id: ${ID}\nclient_secret: "${secret}"`,
      (secret) => `client_secret: '${secret}', client_id: '${ID}'`,
      (secret) => `| Client Secret | ${secret} |`,
      (secret) => `client_id=${secret}`,
    );
    fc.assert(
      fc.property(secret, fc.integer({ min: 1, max: 23 }), gap, form, (secret, at, gap, form) => {
        // A whole ID followed by a short word.
        fc.pre(at !== LENGTH.clientId || !form('').startsWith('client_id='));
        // A name in a cell of its own.
        fc.pre(!/^id$/i.test(secret.slice(0, at)));
        const text = form(secret.slice(0, at) + gap + secret.slice(at));
        const { clientId = ID, clientSecret } = readApiKeyText(text) ?? {};
        assert.deepEqual([clientId, clientSecret], [ID, undefined], text);
      }),
      { numRuns: 20_000 },
    );
  });

  it('looks like a key for any paste, and leaves no secret in the box for the client ID', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9]{20}$/);
    const secret = fc.stringMatching(/^[A-Za-z0-9]{24}$/);
    const word = fc.constantFrom(
      ...[
        'client_id',
        'client_secret',
        'CLIENT ID',
        'clientSecret',
        ':client_id',
        'id',
        'secret',
        '--client-id',
      ],
      ...[
        'LOOKERSDK_CLIENT_SECRET',
        'base_url',
        'https://acme.looker.com',
        'export',
        '$SECRET',
        '<your id>',
      ],
    );
    const sign = fc.constantFrom(
      ...[
        '=',
        ' = ',
        ': ',
        ':',
        ' => ',
        '>',
        '&',
        '|',
        ' | ',
        ',',
        ';',
        ' ',
        '\n',
        '\t',
        '/',
        '"',
        "'",
        '`',
        '**',
      ],
      ...['[', ']', '(', ')', '{', '}', '<', '\u200b', '\u00a0', '\u2800', '-', '_', '%20', '+'],
    );
    const text = fc.tuple(id, secret).chain(([id, secret]) =>
      fc
        .array(
          fc.oneof(
            fc.tuple(fc.constantFrom(id, secret), sign).map(([key, sign]) => key + sign),
            word,
            sign,
            sign,
            fc.string({ maxLength: 2 }),
          ),
          { maxLength: 10 },
        )
        .map((parts) => ({ text: parts.join(''), id, secret })),
    );
    let taken = 0;
    let emptied = 0;
    fc.assert(
      fc.property(text, ({ text, id, secret }) => {
        const { clientId, clientSecret } = readApiKeyText(text) ?? {};
        for (const half of [clientId, clientSecret]) {
          if (half !== undefined) assert.match(half, /^[A-Za-z0-9]{10,64}$/);
        }
        const read = readClientId(text);
        if ('value' in read) {
          taken++;
          assert.match(read.value, /^[A-Za-z0-9]{10,64}$/);
        }
        const secretRead = readClientSecret(text);
        if ('value' in secretRead) assert.match(secretRead.value, /^[\w-]{1,128}$/);
        const box = clientIdBox(text, '', false);
        const seen = box.isHidden ? '' : box.text;
        // A named secret may be longer or shorter than Looker's; what is shown is short, and one word of the key at most.
        assert.ok(seen.trim().length <= 20 && !seen.includes(secret), seen);
        const apart = (word: string) =>
          new RegExp(`(?<![A-Za-z0-9])${word}(?![A-Za-z0-9])`).test(text);
        if (!apart(id) || !apart(secret) || id === secret) return;
        assert.ok(seen === '' || seen === clientId, seen);
        if (seen === '') emptied++;
      }),
      { numRuns: 20_000 },
    );
    assert.ok(taken > 500 && emptied > 100, `${taken} taken, ${emptied} emptied`);
  });
});
