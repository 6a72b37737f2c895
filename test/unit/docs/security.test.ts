import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { ROOT } from '../../support/buildExtension';
import { Source, UNKNOWN, type StorageKey } from '../../support/source';

/** What puts something where others may find it, and the files of src that are known to. */
const OUTLETS = {
  writeText: [
    'src/vscode/commands/checkConnection.ts',
    'src/vscode/commands/copyAccessToken.ts',
    'src/vscode/commands/trustCertificate.ts',
  ],
  createTerminal: ['src/vscode/commands/openTerminal.ts'],
  appendFile: ['src/vscode/gitIgnore.ts'],
  execFile: ['src/vscode/gitIgnore.ts'],
  openExternal: ['src/vscode/commands/askApiKey.ts', 'src/vscode/commands/openInstance.ts'],
};

/** More of the kind, which nothing in src does. */
const UNUSED = [
  ...['writeFile', 'writeFileSync', 'appendFileSync', 'createWriteStream', 'copyFile', 'rename'],
  ...['execSync', 'execFileSync', 'spawn', 'fork', 'sendText', 'setKeysForSync'],
  ...['createTelemetryLogger', 'postMessage'],
];

describe('SECURITY.md', function () {
  this.timeout(120_000); // the compiler reads all of src

  const text = readFileSync(path.join(ROOT, 'SECURITY.md'), 'utf8');
  let source: Source;

  before(() => {
    source = Source.product;
  });

  it('lists every key that something is stored under, and whether that is secret', () => {
    const rows = text.matchAll(/^\| `(lookerAuth\.[^`]+)` +\| (secret storage|[a-z]+ state) /gm);
    const listed = [...rows].map(([, key = '', where]): StorageKey => ({
      key: key.replace(/<[^>]+>/g, UNKNOWN),
      isSecret: where === 'secret storage',
    }));
    assert.deepEqual(byKey(listed), byKey(source.storageKeys()));
  });

  it('names every environment variable that a terminal gets or loses', () => {
    const names = /\bLOOKER(?:SDK)?_[A-Z][A-Z_]*\b/g;
    const literals = source
      .all(ts.isStringLiteralLike)
      .filter((literal) => literal.getSourceFile().fileName.endsWith('/openTerminal.ts'));
    const used = literals.flatMap((literal) => literal.text.match(names) ?? []);
    assert.deepEqual(sorted(text.match(names) ?? []), sorted(used));
  });

  it('knows all of the connections on which no certificate is verified', () => {
    const unverified = source
      .all(ts.isPropertyAssignment)
      .filter(({ name }) => name.getText() === 'rejectUnauthorized')
      .map((property) => path.relative(ROOT, property.getSourceFile().fileName));
    assert.deepEqual(unverified.sort(), ['src/looker/privateTls.ts', 'src/looker/reach.ts']);
    assert.match(text, /Two connections are made without verification/);
  });

  it('knows all of the code that puts something where others may find it', () => {
    const found = Object.keys(OUTLETS).map((name) => [name, source.filesCalling(name)]);
    assert.deepEqual(Object.fromEntries(found), OUTLETS);
    assert.deepEqual(
      UNUSED.filter((name) => source.filesCalling(name).length > 0),
      [],
    );
  });
});

function byKey(keys: readonly StorageKey[]): readonly StorageKey[] {
  return [...keys].sort((a, b) => a.key.localeCompare(b.key));
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
