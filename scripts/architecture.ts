// `npm run architecture`: draws into docs/architecture.md which room of src imports which, as the code has it.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..');
export const PAGE = path.join(ROOT, 'docs', 'architecture.md');

/** What nearly every other room imports, and files in no room of src/vscode: arrows to them would hide the rest. */
const FOR_ALL = '^src/(base|vscode/(text|prompts|account|[^/]+\\.ts))';

/** The page with its picture drawn anew. @throws where it has no place for one */
export function withPicture(page: string, picture: string): string {
  const place = /^```mermaid\n[\s\S]*?^```$/m;
  if (!place.test(page)) throw new Error('There is no ```mermaid block to draw into.');
  return page.replace(place, () => `\`\`\`mermaid\n${picture.trim()}\n\`\`\``);
}

/** A flow chart in Mermaid's language: a box for each folder, an arrow for each import, types included. */
export async function draw(): Promise<string> {
  const { cruise } = await import('dependency-cruiser');
  const { output } = await cruise(['src'], {
    baseDir: ROOT,
    tsPreCompilationDeps: true,
    includeOnly: '^src/',
    exclude: FOR_ALL,
    collapse: '^src/(vscode/)?[^/]+',
    outputType: 'mermaid',
  });
  if (typeof output !== 'string') throw new Error('No picture was drawn.');
  // In an order that does not depend on that of the imports in a file.
  const lines = output.split('\n');
  const isArrow = (line: string) => line.includes('-->');
  return [...lines.filter((line) => !isArrow(line)), ...lines.filter(isArrow).sort()].join('\n');
}

async function main(): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  await writeFile(PAGE, withPicture(page, await draw()));
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
