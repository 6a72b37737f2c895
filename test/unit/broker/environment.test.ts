import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { terminalVariables, tokenVariables } from '../../../src/broker/environment';
import { firstCommand } from '../../../src/broker/firstCommand';

const ADDRESS = {
  apiVersion: '4.0',
  port: 49152,
  clientId: 'an-id',
  clientSecret: 'a-secret',
  accessToken: 'a-token',
};
const INSTANCE = 'https://acme.cloud.looker.com';

describe('the environment of a terminal', () => {
  const of = (env: Record<string, string>) => terminalVariables(ADDRESS, INSTANCE, env);

  it('has all related variables for each tool', () => {
    const variables = of({});
    for (const [url, id, secret] of [
      ['LOOKERSDK_BASE_URL', 'LOOKERSDK_CLIENT_ID', 'LOOKERSDK_CLIENT_SECRET'],
      ['LOOKER_BASE_URL', 'LOOKER_CLIENT_ID', 'LOOKER_CLIENT_SECRET'],
      ['LOOKER_BASE_URL', 'LOOKER_API_CLIENT_ID', 'LOOKER_API_CLIENT_SECRET'],
    ] as const) {
      assert.equal(variables[url], 'http://127.0.0.1:49152');
      assert.equal(variables[id], 'an-id');
      assert.equal(variables[secret], 'a-secret');
    }
    assert.equal(variables['LOOKER_API_ENDPOINT'], 'http://127.0.0.1:49152/api/4.0');
    assert.equal(variables['LOOKER_SECRET'], 'a-secret');
    assert.equal(variables['LOOKER_ACCESS_TOKEN'], 'a-token');
    assert.equal(variables['LOOKER_AUTH_INSTANCE'], INSTANCE);
  });

  it('removes variables that would lead a tool elsewhere, or make it trust anyone', () => {
    const variables = of({ LOOKERSDK_VERIFY_SSL: 'false', LOOKER_PROXY: 'http://evil.example' });
    assert.equal(variables['LOOKERSDK_VERIFY_SSL'], 'true');
    for (const name of [
      'LOOKER_PROXY',
      'LOOKER_NETRC',
      'LOOKERSDK_API_VERSION',
      'LOOKERSDK_LOOKER_URL',
    ]) {
      assert.equal(variables[name], null, name);
    }
  });

  it('leaves all proxies off that were off: programs know the star only on its own', () => {
    const envs: Record<string, string>[] = [
      { NO_PROXY: '*' },
      { no_proxy: ' * ', NO_PROXY: 'acme.dev' },
    ];
    for (const env of envs) {
      const { NO_PROXY, no_proxy } = of(env);
      assert.deepEqual([NO_PROXY, no_proxy], ['*', '*']);
    }
  });

  it('excludes the broker from proxies, in addition to existing exceptions', () => {
    const both = (value: string) => ({ NO_PROXY: value, no_proxy: value });
    const noProxy = (env: Record<string, string>) => {
      const { NO_PROXY, no_proxy } = of(env);
      return { NO_PROXY, no_proxy };
    };
    assert.deepEqual(noProxy({}), both('127.0.0.1,localhost'));
    assert.deepEqual(noProxy({ NO_PROXY: 'a.example' }), both('a.example,127.0.0.1,localhost'));
    assert.deepEqual(
      noProxy({ NO_PROXY: 'a.example,localhost', no_proxy: 'b.example' }),
      both('a.example,localhost,b.example,127.0.0.1'),
    );
    assert.deepEqual(noProxy({ NO_PROXY: ' ' }), both('127.0.0.1,localhost'));
  });
});

/** Variables that a tool reads together: base URL, ID and secret. */
const TRIPLES = [
  ['LOOKERSDK_BASE_URL', 'LOOKERSDK_CLIENT_ID', 'LOOKERSDK_CLIENT_SECRET'],
  ['LOOKER_BASE_URL', 'LOOKER_CLIENT_ID', 'LOOKER_CLIENT_SECRET'],
  ['LOOKER_BASE_URL', 'LOOKER_API_CLIENT_ID', 'LOOKER_API_CLIENT_SECRET'],
  ['LOOKER_API_ENDPOINT', 'LOOKER_CLIENT_ID', 'LOOKER_SECRET'],
] as const;

describe('the environment of a terminal, whatever was set before,', () => {
  for (const [what, variables, expected] of [
    [
      'with a broker',
      (env: Record<string, string>) => terminalVariables(ADDRESS, INSTANCE, env),
      3,
    ],
    ['with a token alone', () => tokenVariables('a-token', INSTANCE), 0],
  ] as const) {
    it(`${what} leaves no instance without its own key`, () => {
      const names = [...new Set(TRIPLES.flat())];
      fc.assert(
        fc.property(fc.subarray(names), (set) => {
          const before = Object.fromEntries(set.map((name) => [name, 'theirs']));
          const found = { ...before, ...variables(before) };
          for (const triple of TRIPLES) {
            const values = triple.map((name) => found[name] ?? undefined);
            assert.equal(values.filter((value) => value !== undefined).length, expected);
            assert.equal(values.includes('theirs'), false);
          }
        }),
      );
    });
  }

  it('has only the token and the instance if no broker can be reached', () => {
    const set = Object.entries(tokenVariables('a-token', INSTANCE)).filter(
      ([, value]) => value !== null,
    );
    assert.deepEqual(Object.fromEntries(set), {
      LOOKER_ACCESS_TOKEN: 'a-token',
      LOOKER_AUTH_INSTANCE: INSTANCE,
    });
  });
});

describe('the first command', () => {
  const URL = 'http://127.0.0.1:49152/api/4.0/user';
  for (const [shell, command] of Object.entries({
    '/bin/bash': `curl -H "Authorization: token $LOOKER_ACCESS_TOKEN" ${URL}`,
    '/usr/bin/fish': `curl -H "Authorization: token $LOOKER_ACCESS_TOKEN" ${URL}`,
    '/bin/zsh': `curl -H "Authorization: token $LOOKER_ACCESS_TOKEN" ${URL}`,
    '/usr/bin/nu': `curl -H $"Authorization: token ($env.LOOKER_ACCESS_TOKEN)" ${URL}`,
    '/opt/pwsh': `curl -H "Authorization: token $env:LOOKER_ACCESS_TOKEN" ${URL}`,
    'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe': `curl.exe -H "Authorization: token $env:LOOKER_ACCESS_TOKEN" ${URL}`,
    'C:\\Windows\\System32\\CMD.EXE': `curl -H "Authorization: token %LOOKER_ACCESS_TOKEN%" ${URL}`,
    'C:\\Program Files\\Git\\bin\\bash.exe': `curl -H "Authorization: token $LOOKER_ACCESS_TOKEN" ${URL}`,
    '': `curl -H "Authorization: token $LOOKER_ACCESS_TOKEN" ${URL}`,
  })) {
    it(`is written for ${shell || 'any other shell'}`, () => {
      assert.equal(firstCommand(shell, ADDRESS), command);
    });
  }
});
