import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Documents for authors of other extensions: path in the repository, and short name. */
const DOCUMENTS = {
  'README.md': 'readme',
  'docs/for-extension-authors.md': 'guide',
  'packages/looker-auth-api/README.md': 'package',
} as const;

/** A block of code in one of them. */
export interface Snippet {
  readonly document: string;
  /** Its section, for example `guide.quick-start`. */
  readonly section: string;
  readonly language: string;
  readonly code: string;
}

/** The snippets of a section, to run one after the other. */
export interface SnippetProgram {
  readonly section: string;
  readonly language: 'js' | 'ts';
  /** A module that exports `run`. */
  readonly source: string;
}

/** @param root the repository: absolute path */
export function readSnippets(root: string): readonly Snippet[] {
  return Object.entries(DOCUMENTS).flatMap(([document, name]) => {
    let section = name as string;
    const text = readFileSync(path.join(root, document), 'utf8');
    return [...text.matchAll(/^#{1,3} (.+)$|^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(
      ([, heading, language = '', code = '']) => {
        if (heading === undefined) return { document, section, language, code };
        section = `${name}.${heading.toLowerCase().replace(/\W+/g, '-')}`;
        return [];
      },
    );
  });
}

/** @param root the repository: absolute path */
export function snippetPrograms(root: string): readonly SnippetProgram[] {
  const runnable = readSnippets(root).filter(({ language }) => /^[jt]s$/.test(language));
  return [...new Set(runnable.map(({ section }) => section))].map((section) => {
    const snippets = runnable.filter((snippet) => snippet.section === section);
    const language = snippets.some((snippet) => snippet.language === 'js') ? 'js' : 'ts';
    return { section, language, source: toModule(snippets.map(({ code }) => code).join('\n')) };
  });
}

/** Replaces the example URLs and keys in the documents with those of the stand-in Looker. */
function toModule(code: string): string {
  const imports = code.match(/^import .*;$/gm) ?? [];
  const body = code
    .replace(/^import .*;$/gm, '')
    .replace(/'https:\/\/acme\.cloud\.looker\.com'|'http:\/\/127\.0\.0\.1:4400'/g, STAND_IN)
    .replace(/(?<=')LOOKER_CLIENT(?=_(ID|SECRET)')/g, 'LOOKER_TEST_ADMIN');
  return [
    "import * as vscode from 'vscode';",
    ...imports,
    `export async function run() {\n${body}}`,
  ].join('\n');
}

const STAND_IN = "(process.env['LOOKER_TEST_BASE_URL'] as `https://${string}`)";
