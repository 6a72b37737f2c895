import { goesOn } from '../valueEnd';
import { beginsItem, columnOf, isIndentedOtherwise, isOtherBlock } from './blocks';
import { hasOtherCommand, isOtherCommand, isUnfinished } from './commands';
import { withoutComments } from './comments';
import { linesOf } from './iniLines';
import { LONGEST_GAP } from './partOfHalf';
import {
  finished,
  isName,
  PREFIX,
  UNFINISHED,
  unquoted,
  valuesOf,
  type Name,
  type Values,
} from './sdkSettings';

/** Names of variables, by their prefix. */
export type VariableNames = (typeof VARIABLE_NAMES)[number];

/**
 * Looker's SDKs read `LOOKERSDK_*`. Others read `LOOKER_*`: MCP Toolbox and spectacles, and Terraform's provider with
 * `LOOKER_API_CLIENT_ID`.
 */
const VARIABLE_NAMES = ['LOOKERSDK_*', 'LOOKER_*'] as const;
const PREFIXES = { 'LOOKERSDK_*': PREFIX, 'LOOKER_*': 'LOOKER_(?:API_)?' } as const;

/** Variables of one instance that are grouped in a file such as `.env`. */
export interface VariableGroup {
  readonly names: VariableNames;
  /** Line of the first variable, counted from 1. */
  readonly line: number;
  readonly values: Values;
  /** Whether it is clear which key belongs to which URL. */
  readonly isClear: boolean;
}

interface Lines {
  readonly line: number;
  readonly values: Map<Name, string>;
  /** Whether other lines are between its variables, which then may not belong together. */
  isApart: boolean;
  /** Whether its variables are in different blocks, or set by commands for different places. */
  isTorn: boolean;
  /** Whether the lines after the first begin an item of a list. If only some do, the items are different ones. */
  readonly areItems: Set<boolean>;
}

/** Where a line of a file sets a variable. */
interface Assignment {
  readonly name: Name;
  readonly value: string;
  /** Index of the line, and the columns in it. A value may be on a line below. */
  readonly line: number;
  readonly begin: number;
  readonly end: number;
  /** Whether it is a separate entry in a list: `name: X` and `value: …`. */
  readonly isEntry: boolean;
}

/** A section header of an ini file, or a line that looks like one, or the end of a document in YAML; it ends a group. */
const HEADER = /^\s*\[|^---\s*$/;

const VALUE = String.raw`(?:"([^"]*)"|'([^']*)'|((?:\$\{\{[^\n{}]*\}\}|[^\s"';&#])*))`;

/** What precedes the name of a variable if that name is itself a value, as in `name: X`. */
const NAME_OF = String.raw`(?<!\w)(?:name|key)["']?\s*[:=]\s*["']?`;
/** What separates two properties: a comma, a blank or one line break. */
const NEXT = String.raw`["']?(?=[,\s])(?:[^\S\n]*,)?[^\S\n]*(?:\n[^\S\n]*)?["']?`;
/** A property that Azure and Postman write before the value. */
const BETWEEN = String.raw`(?:slotSetting|type)["']?[^\S\n]*[:=][^\S\n]*["']?\w+`;
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
   * `name: X`, with `value: …` beside it or below it, as for Kubernetes, Amazon ECS and Terraform, and in XML.
   * Braces and the dash of a list end an entry, so that no variable gets the value of the next one. A variable without a
   * value, as with `valueFrom`, counts as set, so that a later one with the same name starts the next group.
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
      `${NAME_OF}${variable}(?:${NEXT}(?:${BETWEEN}${NEXT})?value["']?[^\\S\\n]*[:=][^\\S\\n]*` +
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
 * set a second time starts the next group, and so does a name with another prefix: the key of one instance is never
 * used with the URL of another.
 */
export function sdkVariables(contents: string): readonly VariableGroup[] {
  const isAny = FORMS.some(({ any }) => any.test(contents));
  const lines = isAny ? withoutComments(linesOf(contents).join('\n')).split('\n') : [];
  return FORMS.flatMap((forms) => variablesOf(lines, forms));
}

function variablesOf(lines: readonly string[], forms: Forms): readonly VariableGroup[] {
  const { names, any } = forms;
  const groups: Lines[] = [];
  let gap = false;
  let ended = true;
  let before: Assignment | undefined;
  lines.forEach((text, line) => {
    const found = any.test(text) ? assignmentsIn(forms, lines, line) : [];
    if (found.length === 0) {
      gap ||= !VALUE_LINE.test(text);
      if (HEADER.test(text)) ended = true;
    }
    for (const assignment of found) {
      const { name, value } = assignment;
      const last = groups.at(-1);
      if (!last || ended || last.values.has(name)) {
        const values = new Map([[name, value]]);
        groups.push({
          line: line + 1,
          values,
          isApart: false,
          isTorn: false,
          areItems: new Set(),
        });
      } else {
        last.values.set(name, value);
        last.isApart ||= gap;
        last.isTorn ||= before !== undefined && isElsewhere(lines, before, assignment);
        if (before?.line !== line) last.areItems.add(beginsItem(text));
      }
      [gap, ended, before] = [false, false, assignment];
    }
  });
  const orders = new Set(groups.map(({ values }) => keyNames(values).join()));
  const isClear =
    groups.length < 2 || (orders.size === 1 && !groups.some(({ isApart }) => isApart));
  return groups.map(({ line, values, isTorn, areItems }) => ({
    names,
    line,
    values: valuesOf([...values]),
    isClear: isClear && !isTorn && areItems.size < 2,
  }));
}

function assignmentsIn(
  forms: Forms,
  lines: readonly string[],
  line: number,
): readonly Assignment[] {
  const text = lines[line] ?? '';
  const withNext = lines.slice(line, line + 4).join('\n');
  const set = forms.set.exec(text) ?? forms.dollar.exec(text);
  const own = set ? [set] : [...text.matchAll(forms.assigned)];
  const entries = [...withNext.matchAll(forms.named)].filter(({ index }) => index < text.length);
  return [...own, ...entries].flatMap((match, index) => {
    const [{ length }, what = '', ...values] = match;
    const name = what.toLowerCase();
    if (!isName(name)) return [];
    const written = values.find((value: string | undefined) => value !== undefined);
    const value = unquoted(written ?? '');
    const end = match.index + length;
    return [
      {
        name,
        value:
          written !== undefined && goesOn(withNext, end)
            ? value + UNFINISHED
            : finished(name, value, withNext.slice(end, end + LONGEST_GAP)),
        line,
        begin: match.index,
        end,
        isEntry: index >= own.length,
      },
    ];
  });
}

/**
 * Whether the second variable is in another block than the first, or a command sets it in another place. Two lines
 * belong together only if they are the same except for the variables: a different indentation or other words may be a
 * condition.
 */
function isElsewhere(lines: readonly string[], first: Assignment, second: Assignment): boolean {
  const isEntry = first.isEntry && second.isEntry;
  const [text = '', ...others] = lines.slice(first.line, second.line + 1);
  const before = text.slice(0, first.begin);
  const after = text.slice(first.end);
  const last = others.pop();
  if (last === undefined) {
    const between = text.slice(first.end, second.begin);
    const isOther = !isEntry && hasOtherCommand(before, between, text.slice(second.end));
    return isOther || isOtherBlock(between, 0, isEntry);
  }
  const between = [text, ...others, ''].join('\n').slice(first.end) + last.slice(0, second.begin);
  const column = Math.max(columnOf(text), columnOf(last));
  if (isOtherBlock(between, column, isEntry)) return true;
  if (isUnfinished(after)) return false;
  const other = { before: last.slice(0, second.begin), after: last.slice(second.end) };
  return isIndentedOtherwise(text, last) || (!isEntry && isOtherCommand({ before, after }, other));
}

function keyNames(values: ReadonlyMap<Name, string>): readonly Name[] {
  return [...values.keys()].filter((name) => name !== 'verify_ssl' && name !== 'timeout');
}
