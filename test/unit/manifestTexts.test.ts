import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import manifest from '../../package.json';
import texts from '../../package.nls.json';
import portuguese from '../../package.nls.pt-br.json';

/** Limit for a step of the walkthrough: people don't read longer ones. */
const MOST_WORDS = 25;

/** Fields of the manifest that people read. */
const READ = [
  'title',
  'displayName',
  'userDescription',
  'description',
  'markdownDescription',
  'markdownEnumDescriptions',
  'enumDescriptions',
  'altText',
];

describe("the manifest's text for users", () => {
  const { contributes } = manifest;
  const keys = [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key);

  it('is in package.nls.json, which contains nothing else', () => {
    assert.deepEqual([...new Set(keys)].sort(), Object.keys(texts).sort());
  });

  it('is never written in package.json itself', () => {
    assert.deepEqual(written(contributes, false), []);
    // Checks that the search works.
    assert.deepEqual(written({ title: 'Log In', enum: ['off'] }, false), ['Log In']);
  });

  it('refers only to existing pictures and commands in the walkthrough', () => {
    const commands = contributes.commands.map(({ command }) => command);
    for (const { steps } of contributes.walkthroughs) {
      for (const { media, description } of steps) {
        for (const picture of Object.values(media.image)) assert.ok(existsSync(picture), picture);
        const text = texts[description.slice(1, -1) as keyof typeof texts];
        for (const [, command = ''] of text.matchAll(/\(command:(lookerAuth\.\w+)\)/g)) {
          assert.ok(commands.includes(command), command);
        }
      }
    }
  });

  it(`has at most ${MOST_WORDS} words for each step of the walkthrough, in every language`, () => {
    for (const language of [texts, portuguese]) {
      for (const { description } of contributes.walkthroughs.flatMap(({ steps }) => steps)) {
        const text = language[description.slice(1, -1) as keyof typeof texts];
        const words = text.replace(/\]\([^)]*\)/g, '').match(/[\p{L}\p{N}'’.-]+/gu) ?? [];
        assert.ok(words.length <= MOST_WORDS, `${words.length} words: ${text}`);
      }
    }
  });
});

/** Texts for users that aren't keys of package.nls.json. Categories don't count: they are the same in every language. */
function written(value: unknown, isRead: boolean): string[] {
  if (typeof value === 'string') return isRead && !/^%.+%$/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    written(inner, Array.isArray(value) ? isRead : READ.includes(name)),
  );
}
