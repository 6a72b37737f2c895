// `npm run architecture`: draws into docs/architecture.md what imports what in src, as the code has it.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** One box in the picture. */
interface Part {
  /** File or folder, below the layer's folder. */
  readonly name: string;
  /** In a few words. */
  readonly purpose: string;
}

/** One frame in the picture, or a box of its own where it has one part. */
interface Layer {
  readonly folder: string;
  readonly title?: string;
  readonly parts: readonly Part[];
}

/** Files by their paths in the repository, each with those it imports, types included. */
export type Imports = ReadonlyMap<string, readonly string[]>;

type Arrow = readonly [from: string, to: string];

const ROOT = path.resolve(__dirname, '..');
export const PAGE = path.join(ROOT, 'docs', 'architecture.md');

/** Where it all begins: only those of its arrows are drawn that nothing else leads to. */
const BEGINNING = 'src';

/** What somebody new needs to see, from top to bottom. Files of no part are not drawn, only where they lead to. */
const LAYERS: readonly Layer[] = [
  {
    folder: BEGINNING,
    parts: [{ name: 'extension.ts', purpose: 'builds everything once' }],
  },
  {
    folder: 'src/vscode',
    title: 'how VS Code shows it',
    parts: [
      { name: 'commands/', purpose: 'what the user starts' },
      { name: 'prompts/', purpose: 'questions, step by step' },
      { name: 'authenticationProvider.ts', purpose: 'sessions for others' },
      { name: 'statusBar.ts', purpose: 'who you are' },
      { name: 'settings.ts', purpose: 'what the user has set' },
    ],
  },
  {
    folder: 'src/accounts',
    title: 'who is logged in',
    parts: [
      { name: 'connectionCheck.ts', purpose: 'where the way ends' },
      { name: 'accounts.ts', purpose: 'all that accounts can do' },
      { name: 'logins.ts', purpose: 'verifies, names, keeps' },
      { name: 'logouts.ts', purpose: 'forgets, and tells Looker' },
      { name: 'renewals.ts', purpose: 'keeps tokens good' },
      { name: 'accountBook.ts', purpose: 'in step with other windows' },
      { name: 'accountStore.ts', purpose: 'the only holder of secrets' },
      { name: 'knownAccounts.ts', purpose: 'remembered, not secret' },
    ],
  },
  {
    folder: 'src/looker',
    title: 'what Looker says',
    parts: [
      { name: 'api/probe.ts', purpose: 'finds Looker at a URL' },
      { name: 'api/lookerApi.ts', purpose: 'one method a request' },
      { name: 'network/http.ts', purpose: 'the one way to the network' },
    ],
  },
  {
    folder: 'packages',
    parts: [{ name: 'looker-auth-api/', purpose: 'what authors install' }],
  },
];

/** All parts by their paths, each with its layer. */
const PARTS: ReadonlyMap<string, Part & { readonly layer: Layer }> = new Map(
  LAYERS.flatMap((layer) =>
    layer.parts.map((part) => [`${layer.folder}/${part.name}`, { ...part, layer }] as const),
  ),
);

/** The page with its picture drawn anew. @throws where it has no place for one */
export function withPicture(page: string, picture: string): string {
  const place = /^```mermaid\n[\s\S]*?^```$/m;
  if (!place.test(page)) throw new Error('There is no ```mermaid block to draw into.');
  return page.replace(place, () => `\`\`\`mermaid\n${picture}\n\`\`\``);
}

/** A flow chart in Mermaid's language. @throws where a part is not there any more */
export function draw(imports: Imports): string {
  const gone = [...PARTS.keys()].find((part) => ![...imports.keys()].some(isIn(part)));
  if (gone !== undefined) throw new Error(`There is no ${gone}: see scripts/architecture.ts.`);
  const arrows = withoutDetours(arrowsIn(imports));
  return [
    'flowchart TB',
    ...LAYERS.flatMap(frame),
    ...arrows.map(([from, to]) => `  ${idOf(from)} --> ${idOf(to)}`),
    ...keepingOrder(arrows).map(([from, to]) => `  ${idOf(from)} ~~~ ${idOf(to)}`),
  ].join('\n');
}

function frame({ folder, title, parts }: Layer): readonly string[] {
  const [only, ...more] = parts.map(({ name }) => `${folder}/${name}`);
  if (only !== undefined && more.length === 0) return [`  ${box(only, only)}`];
  return [
    `  subgraph ${idOf(folder)}["${folder}/: ${title ?? ''}"]`,
    ...parts.map(({ name }) => `    ${box(`${folder}/${name}`, name)}`),
    '  end',
  ];
}

function box(part: string, name: string): string {
  return `${idOf(part)}["<b>${name}</b><br>${PARTS.get(part)?.purpose ?? ''}"]`;
}

function idOf(place: string): string {
  return place.match(/\w+/g)?.join('_') ?? '';
}

/** From each part to those that it imports, itself or by way of files that are not drawn. */
function arrowsIn(imports: Imports): readonly Arrow[] {
  return [...PARTS.keys()].flatMap((part) => {
    const seen = new Set([...imports.keys()].filter((file) => partOf(file) === part));
    const parts = new Set<string>();
    for (const file of seen) {
      for (const imported of imports.get(file) ?? []) {
        const other = partOf(imported);
        if (other === undefined) seen.add(imported);
        else if (other !== part) parts.add(other);
      }
    }
    return [...parts].sort().map((other): Arrow => [part, other]);
  });
}

function partOf(file: string): string | undefined {
  return [...PARTS.keys()].find((part) => isIn(part)(file));
}

/** @param place a file, or a folder with `/` at its end */
function isIn(place: string): (file: string) => boolean {
  return (file) => file === place || (place.endsWith('/') && file.startsWith(place));
}

/** Leaves an arrow out where another one leads from the same box into the same frame, and on to the same box. */
function withoutDetours(arrows: readonly Arrow[]): readonly Arrow[] {
  return arrows.reduce((left, arrow) => {
    const [from, to] = arrow;
    const others = left.filter((other) => other !== arrow);
    const isDetour = others.some(
      ([start, next]) =>
        start === from &&
        (layerOf(next) === layerOf(to) || layerOf(from) === BEGINNING) &&
        leads(others, next, to),
    );
    return isDetour ? others : left;
  }, arrows);
}

function leads(arrows: readonly Arrow[], from: string, to: string): boolean {
  const reached = new Set([from]);
  for (const here of reached) {
    for (const [start, end] of arrows) if (start === here) reached.add(end);
  }
  return reached.has(to);
}

/** Arrows nobody sees, from the last row of each frame to the first one of the next, so that they lie in order. */
function keepingOrder(arrows: readonly Arrow[]): readonly Arrow[] {
  const frames = LAYERS.filter(({ parts }) => parts.length > 1).map(({ folder }) => folder);
  const inside = arrows.filter(([from, to]) => layerOf(from) === layerOf(to));
  const rows = frames.map((folder) => {
    const parts = [...PARTS.keys()].filter((part) => layerOf(part) === folder);
    return {
      first: parts.filter((part) => !inside.some(([, to]) => to === part)),
      last: parts.filter((part) => !inside.some(([from]) => from === part)),
    };
  });
  return rows.flatMap(({ last }, index) =>
    last.flatMap((from) => (rows[index + 1]?.first ?? []).map((to): Arrow => [from, to])),
  );
}

function layerOf(part: string): string | undefined {
  return PARTS.get(part)?.layer.folder;
}

/** Reads from the code what imports what. */
export async function readImports(): Promise<Imports> {
  const { cruise } = await import('dependency-cruiser');
  const { output } = await cruise(['src', 'packages'], {
    baseDir: ROOT,
    tsPreCompilationDeps: true,
    includeOnly: ['^src/', '^packages/'],
  });
  if (typeof output === 'string') throw new Error(output);
  return new Map(
    output.modules.map(({ source, dependencies }) => [
      source,
      dependencies.map(({ resolved }) => resolved),
    ]),
  );
}

async function main(): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  await writeFile(PAGE, withPicture(page, draw(await readImports())));
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
