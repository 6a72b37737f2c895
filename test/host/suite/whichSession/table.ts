import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What the user has let the extension have: nothing, the account in question, or also another one, allowed later. */
export type Allowed = 'none' | 'this one' | 'both, the other one is preferred';

/** What comes of a call: a session of this account or of another one, nothing, or VS Code asks the user. */
export type Outcome = 'this one' | 'another one' | 'nothing' | 'asks';

/** What the extension asks for, as the guide writes it. */
export type Asked =
  '`[]`' | "`['workspace:dev']`" | 'an instance' | "`['sudo:42']`" | '`[]` with `account`';

/** How it asks, as the guide writes it. */
export type How =
  | '`createIfNone`'
  | '`silent`'
  | 'neither'
  | '`clearSessionPreference`'
  | '`forceNewSession`'
  | '`lookerSession`';

/** One line of the table, for one thing asked for and one account that is active. */
export interface Row {
  readonly asked: Asked;
  /** Whether the account in question is the active one. */
  readonly isActive: boolean;
  readonly allowed: Allowed;
  readonly outcomes: ReadonlyMap<How, Outcome>;
}

/** The table in the guide for authors, a line for each combination. @param root the repository: absolute path */
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
