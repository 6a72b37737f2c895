import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { isBuilt, ROOT } from './buildExtension';
import { bundleForHost } from './bundleForHost';
import { type SnippetProgram, snippetPrograms } from './snippets';

/** An extension that runs the code in the documents for authors, once it is built: absolute path. */
export const SNIPPETS = path.join(ROOT, 'out', 'snippets');

const RUNNER = path.join(ROOT, 'test', 'host', 'snippets', 'extension');

export async function buildSnippets(): Promise<void> {
  if (isBuilt) return;
  const programs = snippetPrograms(ROOT);
  await rm(SNIPPETS, { recursive: true, force: true });
  await mkdir(SNIPPETS, { recursive: true });
  const write = (name: string, text: string) => writeFile(path.join(SNIPPETS, name), text);
  for (const { section, language, source } of programs)
    await write(`${section}.${language}`, source);
  await write('package.json', JSON.stringify(manifest(programs), undefined, 2));
  await write('main.ts', main(programs));
  await bundleForHost(path.join(SNIPPETS, 'main.ts'), path.join(SNIPPETS, 'dist', 'extension.js'));
}

function manifest(programs: readonly SnippetProgram[]): object {
  return {
    name: 'snippets',
    publisher: 'looker-test',
    version: '0.0.1',
    engines: { vscode: '^1.105.0' },
    main: './dist/extension.js',
    extensionDependencies: ['looker-auth.looker-auth'],
    contributes: {
      commands: programs.map(({ section }) => ({
        command: `lookerSnippets.${section}`,
        title: section,
        category: 'Snippets',
      })),
    },
  };
}

function main(programs: readonly SnippetProgram[]): string {
  const imports = programs.map(
    ({ section }, i) => `import { run as run${i} } from './${section}';`,
  );
  const entries = programs.map(({ section }, i) => `  '${section}': run${i},`);
  return [
    `import { activateWith } from ${JSON.stringify(RUNNER)};`,
    ...imports,
    `export const activate = activateWith({\n${entries.join('\n')}\n});`,
  ].join('\n');
}
