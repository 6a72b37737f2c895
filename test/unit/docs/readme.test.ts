import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../support/buildExtension';
import manifest from '../../../package.json';
import texts from '../../../package.nls.json';

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/architecture.md',
];

describe('what people read beside the code', () => {
  for (const document of DOCUMENTS) {
    const text = readFileSync(path.join(ROOT, document), 'utf8');

    it(`links to what is there, pictures included, in ${document}`, () => {
      for (const [, link = ''] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
        const file = path.join(ROOT, path.dirname(document), link);
        assert.ok(link.startsWith('https://') || existsSync(file), link);
      }
    });

    it(`runs scripts that there are, in ${document}`, () => {
      for (const [, script = ''] of text.matchAll(/npm run ([\w:]+)/g)) {
        assert.ok(script in manifest.scripts, script);
      }
    });

    it(`calls the commands as the palette does, in ${document}`, () => {
      for (const [, title = ''] of text.matchAll(/Looker: ([^"*|]+?…?)(?=["*])/g)) {
        assert.ok(TITLES.includes(title), title);
      }
    });
  }

  it('lists all commands in the README', () => {
    assert.deepEqual(rows(/^\| \*\*Looker: (.+?)\*\*/gm), [...TITLES].sort());
  });

  it('lists all settings in the README', () => {
    const settings = Object.keys(manifest.contributes.configuration.properties);
    assert.deepEqual(rows(/^\| `(lookerAuth\.\w+)`/gm), settings.sort());
  });
});

const TITLES = manifest.contributes.commands.map(
  ({ title }) => texts[title.slice(1, -1) as keyof typeof texts],
);

function rows(row: RegExp): readonly string[] {
  const text = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
  return [...text.matchAll(row)].map(([, name = '']) => name).sort();
}
