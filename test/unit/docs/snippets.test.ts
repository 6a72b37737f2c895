import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
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

  it('links to what is there', () => {
    const text = readFileSync(path.join(ROOT, GUIDE), 'utf8');
    const headings = [...text.matchAll(/^##? (.+)$/gm)].map(
      ([, heading = '']) => `#${heading.toLowerCase().replace(/ /g, '-')}`,
    );
    for (const [, link = ''] of text.matchAll(/\]\(([^)]+)\)/g)) {
      const isThere = link.startsWith('#')
        ? headings.includes(link)
        : existsSync(path.join(ROOT, path.dirname(GUIDE), link));
      assert.ok(isThere, link);
    }
  });
});

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')) as Record<string, unknown>;
}
