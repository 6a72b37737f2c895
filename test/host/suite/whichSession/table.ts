import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Which accounts the extension has consent for: none, the account in question, or also another one, allowed later. */
export type Allowed = 'none' | 'this one' | 'both, the other one is preferred';

/** The outcome of a call: a session of this account or another one, nothing, or a prompt by VS Code. */
export type Outcome = 'this one' | 'another one' | 'nothing' | 'asks';

/** What the extension requests, as in the guide. */
export type Asked =
  '`[]`' | "`['workspace:dev']`" | 'an instance' | "`['sudo:42']`" | '`[]` with `account`';

/** How it requests it, as in the guide. */
export type How =
  | '`createIfNone`'
  | '`silent`'
  | 'neither'
  | '`clearSessionPreference`'
  | '`forceNewSession`'
  | '`lookerSession`';

/** One line of the table, for one request and one active account. */
export interface Row {
  readonly asked: Asked;
  /** Whether the account in question is the active one. */
  readonly isActive: boolean;
  readonly allowed: Allowed;
  readonly outcomes: ReadonlyMap<How, Outcome>;
}

/** The table in the guide for authors, one line per combination. @param root the repository: absolute path */
export function readTable(root: string): readonly Row[] {
  const guide = readFileSync(path.join(root, 'docs', 'for-extension-authors.md'), 'utf8');
  const table = /^\| Scopes +\| Active .*\n\|[- |]+\n(?:\|.*\n)+/m.exec(guide)?.[0] ?? '';
  const [heads = [], , ...lines] = table.trim().split('\n').map(cellsOf);
  return lines.flatMap(([asked = '', active = '', allowed = '', ...cells]) => {
    const outcomes = new Map(
      cells.map((cell, index) => [heads[index + 3] as How, cell as Outcome]),
    );
    return asked.split(', ').flatMap((each) =>
      [true, false]
        .filter((isActive) => active === 'either' || isActive === (active === 'this one'))
        .map((isActive) => ({
          asked: each as Asked,
          isActive,
          allowed: allowed as Allowed,
          outcomes,
        })),
    );
  });
}

/**
 * What comes of it in VS Code 1.105 and 1.106, which give no allowed account silently while another one is preferred
 * (`_doGetSession` in its `mainThreadAuthentication.ts`).
 */
export function olderOutcome({ asked, allowed }: Row, how: How, outcome: Outcome): Outcome {
  const isPreferredAsked = asked === '`[]` with `account`' || outcome !== 'this one';
  if (allowed !== 'both, the other one is preferred' || isPreferredAsked) return outcome;
  return how === '`lookerSession`' ? 'asks' : 'nothing';
}

function cellsOf(line: string): readonly string[] {
  return line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
}
