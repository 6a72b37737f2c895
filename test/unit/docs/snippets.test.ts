import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { TROUBLE } from '../../standIn/trouble';
import { ROOT } from '../../support/buildExtension';
import { readSnippets } from '../../support/snippets';

const GUIDE = 'docs/for-extension-authors.md';

describe('the docs for authors of other extensions', () => {
  it('have code in known languages only, so that all of it is tested', () => {
    const languages = new Set(readSnippets(ROOT).map(({ language }) => language));
    assert.deepEqual([...languages].sort(), ['js', 'json', 'sh', 'ts']);
  });

  it('name the extension by its ID, and have valid JSON in manifests', () => {
    const { publisher, name } = readJson('package.json');
    const entries = readSnippets(ROOT).filter(({ language }) => language === 'json');
    const manifest = entries.map(({ code }) => JSON.parse(`{${code}}`) as Record<string, unknown>);
    const named = manifest.flatMap(({ extensionDependencies = [] }) => extensionDependencies);
    assert.deepEqual([...new Set(named)], [`${String(publisher)}.${String(name)}`]);
  });

  it('run only existing scripts', () => {
    const { scripts } = readJson('package.json');
    const code = readSnippets(ROOT).filter(({ language }) => language === 'sh');
    const lines = code.flatMap((snippet) => snippet.code.trim().split('\n'));
    for (const line of lines) {
      const [, script = ''] = /^npm (?:run )?([\w:]+)/.exec(line) ?? [];
      assert.ok(script in (scripts as object), line);
    }
  });

  it('list the commands of the stand-in Looker as the stand-in does', () => {
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

  it('link only to existing headings and files', () => {
    const text = textOf(GUIDE);
    const headings = [...text.matchAll(/^##? (.+)$/gm)].map(
      ([, heading = '']) => `#${heading.toLowerCase().replace(/ /g, '-')}`,
    );
    // Code may contain examples that only look like links.
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
