import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NodeSettingsIniFile } from '@looker/sdk-node';
import * as fc from 'fast-check';
import { terminalEnvironment } from '../../../../src/vscode/terminal/terminalEnvironment';
import { ADA } from '../../../support/accountStatus';

const OURS = ADA.account.baseUrl;
const TOKEN = { value: 'token', issuedAt: 0, expiresAt: 1, clockAhead: 0 };

/** Variables that a base URL, an ID and a secret are read from together. */
const TRIPLES = [
  ['LOOKERSDK_BASE_URL', 'LOOKERSDK_CLIENT_ID', 'LOOKERSDK_CLIENT_SECRET'],
  ['LOOKER_BASE_URL', 'LOOKER_CLIENT_ID', 'LOOKER_CLIENT_SECRET'],
  ['LOOKER_API_ENDPOINT', 'LOOKER_CLIENT_ID', 'LOOKER_SECRET'],
] as const;

describe('a terminal opened as an account', () => {
  let folder: string;
  const before = { ...process.env };
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'terminal-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    for (const [name] of Object.entries(
      terminalEnvironment({ account: ADA.account, token: TOKEN }),
    )) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  });

  /** What a program in it finds in its environment. */
  const environment = (ofVsCode: Readonly<Record<string, string>>) => {
    const all = { ...ofVsCode, ...terminalEnvironment({ account: ADA.account, token: TOKEN }) };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
  };

  it('never has an instance without a key of its own, or a key without an instance', () => {
    const names = [...new Set(TRIPLES.flat())];
    fc.assert(
      fc.property(fc.subarray(names), (set) => {
        const found = environment(Object.fromEntries(set.map((name) => [name, 'theirs'])));
        for (const triple of TRIPLES) {
          const count = triple.filter((name) => name in found).length;
          assert.ok(count === 0 || count === triple.length);
        }
        assert.ok(
          !Object.entries(found).some(
            ([name, value]) => name !== 'LOOKER_AUTH_INSTANCE' && value === OURS,
          ),
        );
      }),
    );
  });

  it('has the official SDK send the key of a looker.ini to the instance in it, and nowhere else', () => {
    const file = path.join(folder, 'looker.ini');
    writeFileSync(
      file,
      '[Looker]\nbase_url=https://theirs.looker.com\nclient_id=theirs\nclient_secret=secret\n',
    );
    const ofVsCode = { LOOKERSDK_BASE_URL: 'https://else.looker.com', LOOKERSDK_CLIENT_ID: 'else' };
    for (const [name, value] of Object.entries(
      terminalEnvironment({ account: ADA.account, token: TOKEN }),
    )) {
      if (value === null) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    assert.equal(environment(ofVsCode)['LOOKERSDK_BASE_URL'], undefined);
    const { base_url, client_id } = new NodeSettingsIniFile('LOOKERSDK', file).readConfig();
    assert.deepEqual([base_url, client_id], ['https://theirs.looker.com', 'theirs']);
  });
});
