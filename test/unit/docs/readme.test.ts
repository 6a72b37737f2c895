import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { ROOT } from '../../support/buildExtension';
import manifest from '../../../package.json';
import texts from '../../../package.nls.json';

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/architecture.md',
  'docs/browser-login.md',
  'docs/certificates-and-proxies.md',
  'docs/commands.md',
  'docs/import.md',
  'docs/settings.md',
  'docs/terminals.md',
];

/** The README takes a minute to read; the rest is in docs. */
const MOST_WORDS = 700;
const MOST_PICTURES = 4;
const MOST_FILM_BYTES = 2_000_000;

describe('the docs', () => {
  for (const document of DOCUMENTS) {
    const text = readFileSync(path.join(ROOT, document), 'utf8');

    it(`link only to existing files and pictures in ${document}`, () => {
      const links = text.matchAll(/\]\(([^)#]+)[^)]*\)|<img src="([^"]+)"/g);
      for (const [, page, picture] of links) {
        const link = page ?? picture ?? '';
        const file = path.join(ROOT, path.dirname(document), link);
        assert.ok(link.startsWith('https://') || existsSync(file), link);
      }
    });

    it(`run only existing scripts in ${document}`, () => {
      for (const [, script = ''] of text.matchAll(/npm run ([\w:]+)/g)) {
        assert.ok(script in manifest.scripts, script);
      }
    });

    it(`use the same names for commands as the palette in ${document}`, () => {
      for (const [, title = ''] of text.matchAll(/Looker: ([^"*|]+?…?)(?=["*])/g)) {
        assert.ok(TITLES.includes(title), title);
      }
    });
  }

  it('list all commands', () => {
    assert.deepEqual(rows('commands', /^\| \*\*Looker: (.+?)\*\*/gm), [...TITLES].sort());
  });

  it('list all settings, and all properties of an instance', () => {
    const { properties } = manifest.contributes.configuration;
    assert.deepEqual(rows('settings', /^\| `(lookerAuth\.\w+)`/gm), Object.keys(properties).sort());
    assert.deepEqual(
      rows('settings', /^\| `(\w+)`/gm),
      Object.keys(properties['lookerAuth.instances'].items.properties).sort(),
    );
  });
});

describe('the steps of a release', () => {
  it('name all fields in package.json that contain OWNER', () => {
    const text = readFileSync(path.join(ROOT, 'CONTRIBUTING.md'), 'utf8');
    const [, keys = ''] = /replace `OWNER` in (.+?) with/.exec(text) ?? [];
    const unknown = Object.entries(manifest).filter(([, value]) =>
      JSON.stringify(value).includes('/OWNER/'),
    );
    assert.deepEqual(
      [...keys.matchAll(/`(\w+)`/g)].map(([, key]) => key).sort(),
      unknown.map(([key]) => key).sort(),
    );
  });
});

describe('the README', () => {
  const text = readFileSync(path.join(ROOT, 'README.md'), 'utf8');

  it(`has at most ${MOST_WORDS} words`, () => {
    const words = text.replace(/<[^>]*>|\]\([^)]*\)/g, ' ').match(/[\p{L}\p{N}][^\s]*/gu) ?? [];
    assert.ok(words.length <= MOST_WORDS, String(words.length));
  });

  it('shows one film and few pictures, each at no more than half its width, for high-resolution screens', async () => {
    const pictures = [...text.matchAll(/<img src="([^"]+)" width="(\d+)" alt="[^"]+">/g)];
    assert.equal(pictures.length, text.match(/<img|!\[/g)?.length);
    assert.equal(pictures.filter(([, file]) => file?.endsWith('.gif')).length, 1);
    assert.ok(pictures.length <= 1 + MOST_PICTURES);
    for (const [, file = '', shown] of pictures) {
      const { width } = await sharp(path.join(ROOT, file)).metadata();
      assert.ok(width >= 2 * Number(shown), file);
      assert.ok(statSync(path.join(ROOT, file)).size < MOST_FILM_BYTES, file);
    }
  });

  it('has no local addresses', () => {
    assert.doesNotMatch(text, /127\.0\.0\.1|localhost/);
  });

  it('has the two setup commands, each in its own block', () => {
    const blocks = [...text.matchAll(/^```sh\n(.*?)\n```$/gms)].map(([, code]) => code);
    assert.deepEqual(blocks, ['npm start', 'npm test']);
  });
});

const TITLES = manifest.contributes.commands.map(
  ({ title }) => texts[title.slice(1, -1) as keyof typeof texts],
);

function rows(page: string, row: RegExp): readonly string[] {
  const text = readFileSync(path.join(ROOT, 'docs', `${page}.md`), 'utf8');
  return [...text.matchAll(row)].map(([, name = '']) => name).sort();
}
