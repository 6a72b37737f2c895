// `npm run architecture`: updates the diagram in docs/architecture.md of which folders in src import which.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..');
export const PAGE = path.join(ROOT, 'docs', 'architecture.md');

/** Folders that nearly every other one imports, and files directly in src/vscode: arrows to them would hide the rest. */
const FOR_ALL = '^src/(base/|vscode/((text|prompts|account)/|[^/]+\\.ts$))';

/** The page with a new diagram. @throws if the page has no diagram to replace */
export function withPicture(page: string, picture: string): string {
  const place = /^```mermaid\n[\s\S]*?^```$/m;
  if (!place.test(page)) throw new Error('There is no ```mermaid block to replace.');
  return page.replace(place, () => `\`\`\`mermaid\n${picture.trim()}\n\`\`\``);
}

/** A Mermaid flow chart: a box for each folder, and an arrow for each import, types included. */
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
  // Sorted, so that the order of imports in a file doesn't matter.
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
