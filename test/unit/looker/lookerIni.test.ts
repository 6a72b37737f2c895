import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { NodeSettingsIniFile } from '@looker/sdk-node';
import fc from 'fast-check';
import { parseBaseUrl } from '../../../src/looker/baseUrl';
import { readEnvironment, readIni } from '../../../src/looker/lookerIni';

const KEY = 'client_id = abc\nclient_secret = s3cret\n';

describe('a looker.ini', () => {
  const only = (contents: string, env: NodeJS.ProcessEnv = {}) => {
    const [section, another] = readIni(contents, env);
    assert.ok(section && !another);
    return section;
  };
  const settingsOf = (contents: string, env: NodeJS.ProcessEnv = {}) => {
    const section = only(contents, env);
    assert.ok('settings' in section, JSON.stringify(section));
    return section.settings;
  };
  const problemOf = (contents: string) => {
    const section = only(contents);
    assert.ok('problem' in section);
    return section.problem;
  };

  it('has sections, each an instance and an API key', () => {
    const sections = readIni(
      `[Looker]\nbase_url=https://acme.cloud.looker.com\n${KEY}[dev]\nbase_url=https://dev.acme.com:19999\n${KEY}`,
      {},
    );
    assert.deepEqual(sections, [
      {
        name: 'Looker',
        overriddenBy: [],
        settings: {
          baseUrl: 'https://acme.cloud.looker.com',
          apiKey: { clientId: 'abc', clientSecret: 's3cret' },
          verifySsl: true,
          timeout: undefined,
        },
      },
      {
        name: 'dev',
        overriddenBy: [],
        settings: {
          baseUrl: 'https://dev.acme.com:19999',
          apiKey: { clientId: 'abc', clientSecret: 's3cret' },
          verifySsl: true,
          timeout: undefined,
        },
      },
    ]);
  });

  it('is read past comments, blank lines, quotes and Windows line ends', () => {
    const { baseUrl, apiKey, verifySsl, timeout } = settingsOf(
      [
        '# our Looker',
        '[Looker]',
        '',
        'base_url = "https://acme.looker.com:19999/api/4.0" ; API',
        "client_id = 'abc'",
        'client_secret = `s3cret` # of Ada',
        'verify_ssl = No',
        'timeout = 300',
      ].join('\r\n'),
    );
    assert.equal(baseUrl, 'https://acme.looker.com:19999');
    assert.deepEqual(apiKey, { clientId: 'abc', clientSecret: 's3cret' });
    assert.equal(verifySsl, false);
    assert.equal(timeout, 300);
  });

  for (const yes of ['true', 'T', 'yes', 'y', '1', '', 'perhaps']) {
    it(`verifies certificates where verify_ssl is "${yes}"`, () => {
      const { verifySsl } = settingsOf(`[a]\nbase_url=a.looker.com\n${KEY}verify_ssl=${yes}`);
      assert.equal(verifySsl, true);
    });
  }

  for (const timeout of ['', 'soon', '0', '-1']) {
    it(`has no time-out where that is "${timeout}"`, () => {
      const contents = `[a]\nbase_url=a.looker.com\n${KEY}timeout=${timeout}`;
      assert.equal(settingsOf(contents).timeout, undefined);
    });
  }

  it('says what a section lacks, and goes on with the others', () => {
    const sections = readIni(
      `[a]\nclient_id=abc\nclient_secret\n[b]\nbase_url=b.looker.com\n${KEY}`,
      {},
    );
    assert.deepEqual(sections[0], { name: 'a', problem: 'Missing: base_url, client_secret' });
    assert.ok(sections[1] && 'settings' in sections[1]);
  });

  it('says so where base_url is none', () => {
    assert.match(problemOf(`[a]\nbase_url=looker\n${KEY}`), /not the URL of a Looker instance/);
  });

  it('never says what the key is where something is wrong', () => {
    assert.doesNotMatch(problemOf(`[a]\nbase_url=looker\n${KEY}`), /abc|s3cret/);
    assert.doesNotMatch(problemOf('[a]\nclient_secret = s3cret'), /s3cret/);
  });

  it('may name a section with dots, as for the SDK for Python', () => {
    const names = readIni(`[acme.looker.com]\n${KEY}[acme]\n${KEY}`, {}).map(({ name }) => name);
    assert.deepEqual(names, ['acme', 'acme.looker.com']);
  });

  it('has nothing where it has no section', () => {
    for (const contents of [
      '',
      KEY,
      'not an ini file',
      '[',
      '\0\u{1F980}',
      '[__proto__]\nbase_url=x',
    ]) {
      assert.deepEqual(readIni(contents, {}), []);
    }
  });

  it('cannot dress its sections up with names that rewrite the text around them', () => {
    assert.equal(only('[a\u202eb\u0007]\n').name, 'ab');
  });

  it('never fails, whatever it holds', () => {
    const line = fc.constantFrom(
      '[',
      ']',
      '[a]',
      '=',
      'base_url',
      '=x',
      '"',
      "'",
      '\n',
      '\\',
      '.',
      '[]',
      'null',
      '__proto__',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 30 }), (lines) => {
        for (const { name } of readIni(lines.join(''), {})) assert.notEqual(name, '');
      }),
    );
  });
});

describe('the environment', () => {
  const env = {
    LOOKERSDK_BASE_URL: '"https://env.looker.com"',
    LOOKERSDK_CLIENT_ID: 'env-id',
    LOOKERSDK_CLIENT_SECRET: 'env-secret',
  };

  it('wins over every section, and says so', () => {
    const [section] = readIni(`[a]\nbase_url=a.looker.com\n${KEY}`, {
      LOOKERSDK_CLIENT_ID: 'env-id',
      LOOKERSDK_CLIENT_SECRET: '',
    });
    assert.ok(section && 'settings' in section);
    assert.deepEqual(section.overriddenBy, ['LOOKERSDK_CLIENT_ID']);
    assert.deepEqual(section.settings.apiKey, { clientId: 'env-id', clientSecret: 's3cret' });
  });

  it('may be enough on its own', () => {
    assert.deepEqual(
      readEnvironment({ ...env, LOOKERSDK_VERIFY_SSL: 'f', LOOKERSDK_TIMEOUT: '10' }),
      {
        baseUrl: 'https://env.looker.com',
        apiKey: { clientId: 'env-id', clientSecret: 'env-secret' },
        verifySsl: false,
        timeout: 10,
      },
    );
    for (const name of Object.keys(env)) {
      assert.equal(readEnvironment({ ...env, [name]: undefined }), undefined);
    }
  });
});

/** The same file and environment, read by us and by Looker's own SDK for Node. */
describe('Looker’s own SDK', () => {
  let folder: string;
  let file: string;
  const ownEnv = { ...process.env };
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'looker-ini-'));
    file = path.join(folder, 'looker.ini');
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  afterEach(() => {
    process.env = { ...ownEnv };
  });

  /** What it would use, or undefined where it gives up. */
  const readBySdk = (section: string) => {
    try {
      const settings = new NodeSettingsIniFile('LOOKERSDK', file, section);
      // A number in quotes has become one, whatever the types say.
      const { client_id, client_secret } = settings.readConfig() as Record<string, string | number>;
      if (!client_id || !client_secret) return undefined;
      return {
        baseUrl: parseBaseUrl(settings.base_url),
        apiKey: { clientId: String(client_id), clientSecret: String(client_secret) },
        verifySsl: settings.verify_ssl,
        // Its default, which is 120 seconds, says nothing of the file.
        timeout: settings.timeout > 0 && settings.timeout !== 120 ? settings.timeout : undefined,
      };
    } catch {
      return undefined;
    }
  };

  const quoted = (value: fc.Arbitrary<string>) =>
    fc
      .tuple(value, fc.constantFrom('', '"', "'", '`'))
      .map(([text, quote]) => quote + text + quote);
  const word = fc.stringMatching(/^[A-Za-z1-9][A-Za-z0-9]{4,24}$/);
  const values = {
    base_url: quoted(
      fc.constantFrom(
        'https://a.looker.com',
        'https://b.looker.com:19999/',
        'http://localhost:9999',
      ),
    ),
    client_id: quoted(word),
    client_secret: quoted(
      fc.oneof(word, fc.constantFrom('a;b', 'a#b', 'a\\;b', 'a=b', 'a b', 'a"b', 'a\\')),
    ),
    verify_ssl: quoted(
      fc.constantFrom('true', 'TRUE', 't', 'yes', 'y', '1', 'false', 'F', 'no', 'N', '0', 'maybe'),
    ),
    timeout: quoted(fc.constantFrom('1', '30', '300', '30s', 'soon', '-5', '0')),
  };
  const names = ['Looker', 'dev', 'prod eu'];
  const section = fc.record(values, { requiredKeys: [] });
  const comment = fc.constantFrom('', '; base_url=x', '# client_id=x', '  ');

  it('reads the same of the same files and environments', () => {
    let usable = 0;
    fc.assert(
      fc.property(
        fc.array(section, { minLength: 1, maxLength: names.length }),
        section,
        comment,
        fc.constantFrom('=', ' = ', ' =', '= '),
        (sections, environment, comment, is) => {
          const lines = sections.flatMap((values, index) => [
            `[${names[index] ?? ''}]`,
            comment,
            ...Object.entries(values).map(([name, value]) => name + is + value),
          ]);
          writeFileSync(file, lines.join('\n'));
          const variables = Object.entries(environment).map(([name, value]) => [
            `LOOKERSDK_${name.toUpperCase()}`,
            value,
          ]);
          process.env = { ...ownEnv, ...(Object.fromEntries(variables) as NodeJS.ProcessEnv) };
          const read = readIni(lines.join('\n'), process.env);
          assert.equal(read.length, sections.length);
          for (const section of read) {
            const ours = 'settings' in section ? section.settings : undefined;
            assert.deepEqual(ours, readBySdk(section.name), section.name);
            if (ours) usable++;
          }
        },
      ),
      { numRuns: 500, seed: 1 },
    );
    assert.ok(usable > 100, `${usable} sections can be used`);
  });
});
