import { linesOf } from './iniLines';
import { isName, unquoted, valuesOf, type Name, type Values } from './sdkSettings';

/** Names of variables, by what they begin with. */
export type VariableNames = (typeof VARIABLE_NAMES)[number];

/**
 * Looker's SDKs read `LOOKERSDK_*`. Others read `LOOKER_*`: MCP Toolbox and spectacles, and Terraform's provider with
 * `LOOKER_API_CLIENT_ID`.
 */
const VARIABLE_NAMES = ['LOOKERSDK_*', 'LOOKER_*'] as const;
const PREFIXES = { 'LOOKERSDK_*': 'LOOKERSDK_', 'LOOKER_*': 'LOOKER_(?:API_)?' } as const;

/** Variables of one instance that are grouped in a file such as `.env`. */
export interface VariableGroup {
  readonly names: VariableNames;
  /** Line of the first variable, counted from 1. */
  readonly line: number;
  readonly values: Values;
}

/** The variables that a file sets. */
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

const COMMENT = /^\s*(?:[#;]|\/\/|::|--|rem\s)/i;
/** A section header of an ini file, or a line that looks like one; it ends a group. */
const HEADER = /^\s*\[/;

const VALUE = String.raw`(?:"([^"]*)"|'([^']*)'|([^\s"';&#]*))`;

/** What comes before the name of a variable that is itself a value. */
const NAME_OF = String.raw`(?<!\w)(?:name|key)["']?\s*[:=]\s*["']?`;
const VALUE_LINE = /^\s*["']?value["']?\s*[:=]/i;

/** How lines set variables. */
interface Forms {
  readonly names: VariableNames;
  /** What a line must contain to set a variable. */
  readonly any: RegExp;
  /**
   * `X=…`, `X := …`, `X ||= …`, `export X='…'`, `$env:X = "…"`, `X: …`, `environ["X"] = "…"`,
   * `SetEnvironmentVariable("X", "…")`. It doesn't match where a variable is only used (`$X`, `name: X`) or compared
   * (`X == …`).
   */
  readonly assigned: RegExp;
  /**
   * `name: X`, with `value: …` beside it or on the next line, as for Kubernetes, Amazon ECS and Terraform, and in XML.
   * Braces and the dash of a list end an entry, so that no variable gets the value of the next one. A variable without a
   * value, as with `valueFrom`, is set to nothing, so that a later one in its place starts the next group.
   */
  readonly named: RegExp;
  /**
   * `setenv X …`, `setx X …`, a Dockerfile's `ENV X …`, fish's `set -gx X …`, PowerShell's `Set-Item -Path Env:X -Value
   * …`.
   */
  readonly set: RegExp;
  /** `$X = '…'`, as in xonsh and PHP. */
  readonly dollar: RegExp;
}

const FORMS = VARIABLE_NAMES.map((names): Forms => {
  const variable = `${PREFIXES[names]}(base_url|client_id|client_secret|verify_ssl|timeout)(?![\\w])`;
  return {
    names,
    any: new RegExp(PREFIXES[names], 'i'),
    assigned: new RegExp(
      `(?<![\\w$%]|\\$\\{|${NAME_OF})${variable}["'\`]?(?:\\]|\\}(?=\\s*=))?\\s*(?:(?:[:?]|\\|\\|)=|[=:,])(?!=)\\s*${VALUE}`,
      'gi',
    ),
    named: new RegExp(
      `${NAME_OF}${variable}(?:["']?[,\\s]+["']?value["']?[^\\S\\n]*[:=][^\\S\\n]*` +
        '(?:"([^"\\n]*)"|\'([^\'\\n]*)\'|([^\\s"\'<>{}[\\],;&#]*)(?=[\\s,}\\]/>;]|$)))?',
      'gi',
    ),
    set: new RegExp(
      '^\\s*(?:(?:set-?env|setx|env|set(?:\\s+-{1,2}\\w+)+)\\s+|(?:set|new)-item\\s+(?:-path\\s+)?["\']?env:\\\\?)' +
        `${variable}["']?\\s+(?:-value\\s+)?${VALUE}`,
      'i',
    ),
    dollar: new RegExp(`^\\s*\\$${variable}\\s*=(?!=)\\s*(?:"([^"]*)"|'([^']*)')`, 'i'),
  };
});

/**
 * Reads the lines of a file that set variables of Looker's SDKs and other tools, in any language. A variable that is
 * set a second time starts the next group, and so do names that begin otherwise: the key of one instance is never used
 * with the URL of another.
 */
export function sdkVariables(contents: string): SdkVariables {
  const found = FORMS.map((forms) => variablesOf(contents, forms));
  return {
    groups: found.flatMap(({ groups }) => groups),
    isClear: found.every(({ isClear }) => isClear),
  };
}

function variablesOf(contents: string, forms: Forms): SdkVariables {
  const { names, any } = forms;
  if (!any.test(contents)) return { groups: [], isClear: true };
  const groups: Lines[] = [];
  let gap = false;
  let ended = true;
  linesOf(contents).forEach((text, index, lines) => {
    const isAny = any.test(text) && !COMMENT.test(text);
    const found = isAny ? assignmentsIn(forms, text, lines[index + 1] ?? '') : [];
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
    groups: groups.map(({ line, values }) => ({ names, line, values: valuesOf([...values]) })),
    isClear: groups.length < 2 || (orders.size === 1 && !groups.some(({ isApart }) => isApart)),
  };
}

/** @param next the line below */
function assignmentsIn(
  forms: Forms,
  text: string,
  next: string,
): readonly (readonly [Name, string])[] {
  const set = forms.set.exec(text) ?? forms.dollar.exec(text);
  const named = [...`${text}\n${next}`.matchAll(forms.named)];
  const beginning = named.filter(({ index }) => index < text.length);
  return [...(set ? [set] : text.matchAll(forms.assigned)), ...beginning].flatMap(
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
