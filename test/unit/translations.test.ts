import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { getL10nJson } from '@vscode/l10n-dev';
import texts from '../../package.nls.json';

type Texts = Readonly<Record<string, string>>;

const ROOT = path.resolve(__dirname, '..', '..');
const OF_CODE = languagesOf('l10n', /^bundle\.l10n\.(.+)\.json$/);
const OF_MANIFEST = languagesOf('.', /^package\.nls\.(.+)\.json$/);
const LANGUAGES = OF_CODE.filter((language) => OF_MANIFEST.includes(language));

describe('the translations', () => {
  let sentences: Texts;

  before(async function () {
    this.timeout(60_000); // it parses all of src
    sentences = await sentencesInSource();
  });

  it('cover the manifest and the code in the same languages', () => {
    assert.ok(Object.keys(sentences).length > 300);
    assert.ok(LANGUAGES.includes('pt-br'));
    assert.deepEqual(OF_MANIFEST, OF_CODE);
  });

  for (const language of LANGUAGES) {
    const bundle = read(`l10n/bundle.l10n.${language}.json`);
    const manifest = read(`package.nls.${language}.json`);

    describe(`to ${language}`, () => {
      it('are complete', () => {
        assert.deepEqual(missing(sentences, bundle), []);
        assert.deepEqual(missing(texts, manifest), []);
      });

      it('contain nothing unused', () => {
        assert.deepEqual(missing(bundle, sentences), []);
        assert.deepEqual(missing(manifest, texts), []);
      });

      it('are never empty', () => {
        const empty = Object.entries({ ...bundle, ...manifest }).filter(
          ([, value]) => !value.trim(),
        );
        assert.deepEqual(empty, []);
      });

      it('keep placeholders, icons, links, code and names of settings', () => {
        assert.deepEqual(fixedParts(bundle), fixedParts(inOrderOf(bundle, sentences)));
        assert.deepEqual(fixedParts(manifest), fixedParts(inOrderOf(manifest, texts)));
      });

      it('use the same names for commands as the palette', () => {
        assert.deepEqual(
          commandsIn(bundle, manifest),
          commandsIn(inOrderOf(bundle, sentences), texts),
        );
        assert.deepEqual(commandsIn(manifest, manifest), commandsIn(texts, texts));
      });
    });
  }
});

/** How files in src import `l10n`. */
const IMPORT = "import * as l10n from '@vscode/l10n';";

/**
 * All sentences that src passes to `l10n.t`, as keys and values. Joins all files with a single import, since each file
 * and each import takes time.
 */
async function sentencesInSource(): Promise<Texts> {
  const src = path.join(ROOT, 'src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' });
  const texts = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(path.join(src, file), 'utf8'))
    .filter((text) => text.includes('l10n'));
  const contents = [IMPORT, ...texts.map((text) => text.replace(IMPORT, ''))].join('\n');
  const json = await getL10nJson([{ extension: '.ts', contents }]);
  return Object.fromEntries(Object.keys(json).map((sentence) => [sentence, sentence]));
}

function languagesOf(folder: string, name: RegExp): readonly string[] {
  return readdirSync(path.join(ROOT, folder))
    .flatMap((file) => name.exec(file)?.[1] ?? [])
    .sort();
}

function read(file: string): Texts {
  return JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')) as Texts;
}

/** Keys of the first that the second doesn't have. */
function missing(some: Texts, others: Texts): readonly string[] {
  return Object.keys(some).filter((key) => !(key in others));
}

/** The English texts in the order of the translation; another test reports missing ones. */
function inOrderOf(translation: Texts, english: Texts): Texts {
  return Object.fromEntries(Object.keys(translation).map((key) => [key, english[key] ?? '']));
}

/** The parts of each text that translations must keep, in any order and any number. */
function fixedParts(of: Texts): Readonly<Record<string, readonly string[]>> {
  const FIXED =
    /\{\d+\}|\$\([\w~-]+\)|\(command:[^)]*\)|```.*?```|https?:[\w./:-]*\w|\bhttp\.\w+|\blookerAuth\.\w+/gs;
  return mapped(of, (text) => [...new Set(text.match(FIXED))].sort());
}

/** The keys of the commands that each text names. @param titles the manifest's texts in the same language */
function commandsIn(of: Texts, titles: Texts): Readonly<Record<string, readonly string[]>> {
  const keys = Object.keys(titles).filter((key) => key.startsWith('command.'));
  return mapped(of, (text) =>
    [...text.matchAll(/(?:"|\*\*)Looker: ([^"*]+)(?:"|\*\*)/g)].map(
      ([, title = '']) => keys.find((key) => titles[key] === title) ?? `no command: ${title}`,
    ),
  );
}

function mapped<T>(of: Texts, map: (text: string) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(of).map(([key, text]) => [key, map(text)]));
}
