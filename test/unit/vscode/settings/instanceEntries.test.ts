import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import {
  readEntries,
  settingsFor,
  type InstanceSettings,
} from '../../../../src/vscode/settings/instanceEntries';

const ACME = 'https://acme.cloud.looker.com';
const SECRET = 'Zy8xWv5uTs2rQp9oNm6lKj3i';

/** What applies, and what is reported, for a list that is read. */
function read(setting: unknown): { instances: readonly InstanceSettings[]; faults: string } {
  const entries = readEntries(setting);
  return {
    instances: entries.flatMap(({ instance, isFirst }) => (instance && isFirst ? instance : [])),
    faults: entries.flatMap(({ faults }) => faults).join('\n'),
  };
}

describe('the entries of the setting', () => {
  it('are none if the setting is no list', () => {
    for (const setting of [undefined, null, ACME, 7, { url: ACME }, { [ACME]: {} }]) {
      assert.deepEqual(readEntries(setting), []);
    }
  });

  it('are objects, and nothing else is taken for one', () => {
    for (const entry of [null, 7, true, ACME, [], [{ url: ACME }]]) {
      const { instances, faults } = read([entry]);
      assert.deepEqual(instances, []);
      assert.equal(faults, 'The entry must be an object with a "url".');
    }
  });

  for (const [property, value, fault] of [
    ['url', undefined, 'The property "url" is missing.'],
    ['url', null, '"url" can\'t be null.'],
    ['url', [ACME], '"url" can\'t be Array.'],
    ['url', '', 'Enter the instance URL, for example https://acme.cloud.looker.com.'],
    ['name', '', '"name" must have at least one letter or digit.'],
    ['name', ' \u200b ', '"name" must have at least one letter or digit.'],
    ['name', 3, '"name" can\'t be 3.'],
    ['name', 'localhost', '"name" can\'t contain the host of another instance.'],
    ['plainHttp', 'true', '"plainHttp" can\'t be "true".'],
    ['apiVersion', '4', '"apiVersion" can\'t be "4".'],
    ['oauth', null, '"oauth" can\'t be null.'],
    ['caFiles', '~/ca.pem', 'The property "caFiles" doesn\'t exist.'],
    // A key in the place of a property's name.
    ['Zy8xWv5uTs2rQp9oNm6lKj3i', 1, 'The property "…" doesn\'t exist.'],
    ['client_secret=hunter2', 1, 'The property "…" doesn\'t exist.'],
  ] as const) {
    it(`have a fault if "${property}" is ${JSON.stringify(value)}`, () => {
      assert.equal(read([{ url: ACME, [property]: value }]).faults, fault);
    });
  }

  it('may have names that every JavaScript object has', () => {
    const setting: unknown = JSON.parse(
      `[{"url":"${ACME}","__proto__":{"credentialsInQuery":true},"constructor":1,"toString":2}]`,
    );
    const { instances, faults } = read(setting);
    assert.deepEqual(instances, [{ baseUrl: ACME, plainHttp: false, credentialsInQuery: false }]);
    assert.equal(faults.match(/doesn't exist/g)?.length, 3);
  });

  it('may be named like their own host, in any case', () => {
    for (const [url, name] of [
      [ACME, 'ACME.Cloud.Looker.com'],
      ['https://bücher.example', 'bücher.example'],
      ['http://localhost:9999', 'localhost'],
    ] as const) {
      const [instance] = read([{ url, name }]).instances;
      assert.equal(instance?.name, name);
    }
  });

  it('have a name of their own', () => {
    const named = (url: string, name: string) => ({ url, name });
    const { instances, faults } = read([
      named('one.example', 'Production'),
      named('two.example', ' PRODUCTION\u200b'),
      named('one.example:19999', 'Production'),
    ]);
    assert.deepEqual(
      instances.map(({ name }) => name),
      ['Production', undefined, 'Production'],
    );
    assert.equal(faults, 'An earlier entry has the same "name".');
  });

  it('take a CA file as file managers copy its path', () => {
    const file = path.join(path.sep, 'certificates', 'acme ca.pem');
    for (const caFile of [file, ` ${file} `, `"${file}"`, `'${file}'`]) {
      assert.equal(read([{ url: ACME, caFile }]).instances[0]?.caFile, file);
    }
    const [atHome] = read([{ url: ACME, caFile: '~/ca.pem' }]).instances;
    assert.equal(atHome?.caFile, `${homedir()}/ca.pem`);
  });

  it('are never reached without a CA file if one is set, whatever its value is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (caFile) => {
        const setting: unknown = JSON.parse(JSON.stringify([{ url: ACME, caFile }]));
        assert.equal(typeof read(setting).instances[0]?.caFile, 'string');
      }),
    );
    const odd: unknown = JSON.parse(`[{"url":"${ACME}","caFile":{"toString":1,"valueOf":1}}]`);
    assert.equal(read(odd).instances[0]?.caFile, '');
  });

  it('report unknown properties of an OAuth client, and use the client', () => {
    const oauth = { clientId: 'acme', redirectUri: 'http://127.0.0.1:7777/cb' };
    const { instances, faults } = read([{ url: ACME, oauth: { ...oauth, clientSecret: SECRET } }]);
    assert.deepEqual(instances[0]?.oauth, oauth);
    assert.equal(faults, 'The property "oauth.clientSecret" doesn\'t exist.');
  });

  it('have a redirect URI that is sent as it is set, without blanks', () => {
    for (const redirectUri of [' http://127.0.0.1:7777/cb', 'http://127.0.0.1:7777/\ncb']) {
      const { instances, faults } = read([{ url: ACME, oauth: { clientId: 'acme', redirectUri } }]);
      assert.equal(instances[0]?.oauth, undefined);
      assert.match(faults, /"oauth\.redirectUri" must use HTTPS/);
    }
  });

  it('never show a secret in what is reported', () => {
    const key = { client_secret: SECRET };
    for (const entry of [
      { url: ACME, apiVersion: SECRET },
      { url: ACME, oauth: SECRET },
      { url: ACME, plainHttp: `client_secret=${SECRET}` },
      { url: `https://id:${SECRET}@acme.cloud.looker.com` },
      { url: `client_secret=${SECRET}` },
      { url: ACME, oauth: { clientId: `${SECRET} `, redirectUri: 'x' } },
      { url: ACME, ...key },
    ]) {
      const { faults } = read([entry]);
      assert.notEqual(faults, '');
      assert.doesNotMatch(faults, new RegExp(SECRET));
    }
  });

  it('are read without failing, whatever JSON they are', () => {
    const property = fc.constantFrom(
      ...['url', 'name', 'apiVersion', 'plainHttp', 'credentialsInQuery', 'caFile', 'oauth'],
      ...['__proto__', 'constructor', 'toString'],
    );
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(ACME, 'http://one.example', true));
    const entry = fc.oneof(value, fc.dictionary(property, value, { maxKeys: 5 }));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), (list) => {
        const setting: unknown = JSON.parse(JSON.stringify(list));
        const entries = readEntries(setting);
        assert.equal(entries.length, list.length);
        for (const { instance, faults } of entries) {
          assert.ok(instance !== undefined || faults.length > 0);
        }
        const { instances } = read(setting);
        assert.equal(new Set(instances.map(({ baseUrl }) => baseUrl)).size, instances.length);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the settings of an instance', () => {
  const { instances } = read([
    { url: 'looker.acme.dev', name: 'Acme', caFile: '/ca.pem' },
    { url: 'one.example', apiVersion: '3.1' },
    { url: 'one.example:19999', apiVersion: '4.0' },
    { url: 'two.example:9999', name: 'Two' },
  ]);

  it('apply to the other usual port of its host', () => {
    assert.deepEqual(settingsFor(instances, 'https://looker.acme.dev:19999'), {
      ...instances[0],
      baseUrl: 'https://looker.acme.dev:19999',
    });
  });

  it('are those for exactly its URL, if there are any', () => {
    assert.equal(settingsFor(instances, 'https://one.example').apiVersion, '3.1');
    assert.equal(settingsFor(instances, 'https://one.example:19999').apiVersion, '4.0');
  });

  it('are the defaults without an entry', () => {
    for (const baseUrl of [
      'http://looker.acme.dev',
      'https://two.example',
      'https://looker.acme.dev.evil.test',
      'no URL',
    ]) {
      assert.deepEqual(settingsFor(instances, baseUrl), {
        baseUrl,
        plainHttp: false,
        credentialsInQuery: false,
      });
    }
  });
});
