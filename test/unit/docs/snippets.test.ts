import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { TROUBLE } from '../../standIn/trouble';
import { ROOT } from '../../support/buildExtension';
import { readSnippets } from '../../support/snippets';

const GUIDE = 'docs/for-extension-authors.md';

describe('what authors of other extensions read', () => {
  it('has code of known languages only, so that none of it goes untried', () => {
    const languages = new Set(readSnippets(ROOT).map(({ language }) => language));
    assert.deepEqual([...languages].sort(), ['js', 'json', 'sh', 'ts']);
  });

  it('names the extension by its id, and has manifests that are JSON', () => {
    const { publisher, name } = readJson('package.json');
    const entries = readSnippets(ROOT).filter(({ language }) => language === 'json');
    const manifest = entries.map(({ code }) => JSON.parse(`{${code}}`) as Record<string, unknown>);
    const named = manifest.flatMap(({ extensionDependencies = [] }) => extensionDependencies);
    assert.deepEqual([...new Set(named)], [`${String(publisher)}.${String(name)}`]);
  });

  it('runs scripts that there are', () => {
    const { scripts } = readJson('package.json');
    const code = readSnippets(ROOT).filter(({ language }) => language === 'sh');
    const lines = code.flatMap((snippet) => snippet.code.trim().split('\n'));
    for (const line of lines) {
      const [, script = ''] = /^npm (?:run )?([\w:]+)/.exec(line) ?? [];
      assert.ok(script in (scripts as object), line);
    }
  });

  it('lists what can go wrong at the stand-in Looker as the stand-in does', () => {
    const rows = textOf(GUIDE).matchAll(
      /^\| `(revoke|refuse|fail|busy|slow|away|well)(.*?)` +\| (.*?) +\|$/gm,
    );
    const lines = [...rows].map(
      ([, name = '', takes = '', what = '']) => `${name}${takes}: ${what}`,
    );
    const known = TROUBLE.split('\n').map((line) =>
      line.trim().replace(/^(\w+(?: <\w+>)?) +/, (_all, command: string) => `${command}: `),
    );
    assert.deepEqual(lines, known);
  });

  it('links to what is there', () => {
    const text = textOf(GUIDE);
    const headings = [...text.matchAll(/^##? (.+)$/gm)].map(
      ([, heading = '']) => `#${heading.toLowerCase().replace(/ /g, '-')}`,
    );
    // In code, it may be what a link must not become.
    const prose = text.replace(/^```[\s\S]*?^```|`[^`]*`/gm, '');
    for (const [, link = ''] of prose.matchAll(/\]\(([^)]+)\)/g)) {
      const isThere = link.startsWith('#')
        ? headings.includes(link)
        : existsSync(path.join(ROOT, path.dirname(GUIDE), link));
      assert.ok(isThere, link);
    }
  });
});

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(textOf(file)) as Record<string, unknown>;
}

function textOf(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}
