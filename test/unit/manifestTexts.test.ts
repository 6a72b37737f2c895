import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import manifest from '../../package.json';
import texts from '../../package.nls.json';

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

describe('what the manifest says to people', () => {
  const { contributes } = manifest;
  const keys = [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key);

  it('stands in package.nls.json, to be translated, and nothing else stands there', () => {
    assert.deepEqual([...new Set(keys)].sort(), Object.keys(texts).sort());
  });

  it('is nowhere written into package.json itself', () => {
    assert.deepEqual(written(contributes, false), []);
    // The search finds what is written.
    assert.deepEqual(written({ title: 'Log In', enum: ['off'] }, false), ['Log In']);
  });

  it('leads from the walkthrough to pictures and commands that are there', () => {
    const commands = contributes.commands.map(({ command }) => command);
    for (const { steps } of contributes.walkthroughs) {
      for (const { media, description } of steps) {
        assert.ok(existsSync(media.svg), media.svg);
        const text = texts[description.slice(1, -1) as keyof typeof texts];
        for (const [, command = ''] of text.matchAll(/\(command:(lookerAuth\.\w+)\)/g)) {
          assert.ok(commands.includes(command), command);
        }
      }
    }
  });
});

/** Texts for people that are no keys. Categories are names, the same in every language. */
function written(value: unknown, isRead: boolean): string[] {
  if (typeof value === 'string') return isRead && !/^%.+%$/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    written(inner, Array.isArray(value) ? isRead : READ.includes(name)),
  );
}
