import { linesOf } from './iniLines';
import { isName, unquoted, valuesOf, type Name, type Values } from './sdkSettings';

/** Variables of one instance that are grouped in a file such as `.env`. */
export interface VariableGroup {
  /** Line of the first variable, counted from 1. */
  readonly line: number;
  readonly values: Values;
}

/** The SDKs' variables that a file sets. */
export interface SdkVariables {
  readonly groups: readonly VariableGroup[];
  /** Whether it is clear which key belongs to which URL. */
  readonly isClear: boolean;
}

interface Lines {
  readonly line: number;
  readonly values: Map<Name, string>;
  /** Whether other lines are between its variables, which then may not belong together. */
  isApart: boolean;
}

/** What a line must contain to set a variable. */
const ANY = /lookersdk_/i;
const COMMENT = /^\s*(?:[#;]|\/\/|::|--|rem\s)/i;
/** A section header of an ini file, or a line that looks like one; it ends a group. */
const HEADER = /^\s*\[/;

const VARIABLE = String.raw`LOOKERSDK_(base_url|client_id|client_secret|verify_ssl|timeout)(?![\w])`;
const VALUE = String.raw`(?:"([^"]*)"|'([^']*)'|([^\s"';&#]*))`;

/** What comes before the name of a variable that is itself a value. */
const NAME_OF = String.raw`(?<!\w)(?:name|key)["']?\s*[:=]\s*["']?`;

/**
 * `X=…`, `X := …`, `X ||= …`, `export X='…'`, `$env:X = "…"`, `X: …`, `environ["X"] = "…"`,
 * `SetEnvironmentVariable("X", "…")`. It doesn't match where a variable is only used (`$X`, `name: X`) or compared
 * (`X == …`).
 */
const ASSIGNED = new RegExp(
  `(?<![\\w$%]|\\$\\{|${NAME_OF})${VARIABLE}["'\`]?(?:\\]|\\}(?=\\s*=))?\\s*(?:(?:[:?]|\\|\\|)=|[=:,])(?!=)\\s*${VALUE}`,
  'gi',
);

/**
 * `name: X`, with `value: …` beside it or on the next line, as for Kubernetes, Amazon ECS and Terraform, and in XML.
 * Braces and the dash of a list end an entry, so that no variable gets the value of the next one. A variable without a
 * value, as with `valueFrom`, is set to nothing, so that a later one in its place starts the next group.
 */
const NAMED = new RegExp(
  `${NAME_OF}${VARIABLE}(?:["']?[,\\s]+["']?value["']?[^\\S\\n]*[:=][^\\S\\n]*` +
    '(?:"([^"\\n]*)"|\'([^\'\\n]*)\'|([^\\s"\'<>{}[\\],;&#]*)(?=[\\s,}\\]/>;]|$)))?',
  'gi',
);
const VALUE_LINE = /^\s*["']?value["']?\s*[:=]/i;

/**
 * `setenv X …`, `setx X …`, a Dockerfile's `ENV X …`, fish's `set -gx X …`, PowerShell's `Set-Item -Path Env:X -Value
 * …`.
 */
const SET = new RegExp(
  '^\\s*(?:(?:set-?env|setx|env|set(?:\\s+-{1,2}\\w+)+)\\s+|(?:set|new)-item\\s+(?:-path\\s+)?["\']?env:\\\\?)' +
    `${VARIABLE}["']?\\s+(?:-value\\s+)?${VALUE}`,
  'i',
);

/** `$X = '…'`, as in xonsh and PHP. */
const DOLLAR = new RegExp(`^\\s*\\$${VARIABLE}\\s*=(?!=)\\s*(?:"([^"]*)"|'([^']*)')`, 'i');

/**
 * Reads the lines of a file that set variables of Looker's SDKs, in any language. A variable that is set a second time
 * starts the next group: the key of one instance is never used with the URL of another.
 */
export function sdkVariables(contents: string): SdkVariables {
  if (!ANY.test(contents)) return { groups: [], isClear: true };
  const groups: Lines[] = [];
  let gap = false;
  let ended = true;
  linesOf(contents).forEach((text, index, lines) => {
    const isAny = ANY.test(text) && !COMMENT.test(text);
    const found = isAny ? assignmentsIn(text, lines[index + 1] ?? '') : [];
    if (found.length === 0) {
      gap ||= !VALUE_LINE.test(text);
      if (HEADER.test(text)) ended = true;
    }
    for (const [name, value] of found) {
      const last = groups.at(-1);
      if (!last || ended || last.values.has(name)) {
        groups.push({ line: index + 1, values: new Map([[name, value]]), isApart: false });
      } else {
        last.values.set(name, value);
        last.isApart ||= gap;
      }
      [gap, ended] = [false, false];
    }
  });
  const orders = new Set(groups.map(({ values }) => keyNames(values).join()));
  return {
    groups: groups.map(({ line, values }) => ({ line, values: valuesOf([...values]) })),
    isClear: groups.length < 2 || (orders.size === 1 && !groups.some(({ isApart }) => isApart)),
  };
}

/** @param next the line below */
function assignmentsIn(text: string, next: string): readonly (readonly [Name, string])[] {
  const set = SET.exec(text) ?? DOLLAR.exec(text);
  const named = [...`${text}\n${next}`.matchAll(NAMED)].filter(({ index }) => index < text.length);
  return [...(set ? [set] : text.matchAll(ASSIGNED)), ...named].flatMap(
    ([, what = '', ...values]) => {
      const name = what.toLowerCase();
      const value = unquoted(values.find(Boolean) ?? '');
      return isName(name) ? [[name, value] as const] : [];
    },
  );
}

function keyNames(values: ReadonlyMap<Name, string>): readonly Name[] {
  return [...values.keys()].filter((name) => name !== 'verify_ssl' && name !== 'timeout');
}
