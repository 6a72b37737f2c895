import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../errors/expectedError';
import { LONGEST_FILE } from './fileText';
import { iniLines, type IniBlock, type IniEntry } from './iniLines';
import { inertName } from '../inert';
import {
  environmentValues,
  finished,
  hasApiKey,
  isComplete,
  isName,
  isSameKey,
  NAMES,
  sectionOf,
  toSettings,
  unquoted,
  valuesOf,
  withoutComment,
  type IniSection,
  type Name,
  type UnusableSection,
  type Values,
} from './sdkSettings';
import { sdkVariables } from './sdkVariables';

export type { IniSection, SdkSettings, UnusableSection, UsableSection } from './sdkSettings';

const MOST_SECTIONS = 300;

/**
 * Invisible characters to remove. Direction marks stay in the text, so that a key that contains one is refused; section
 * names lose them when they are made safe to show.
 */
const ZERO_WIDTH = /(?![\u202a-\u202e\u2066-\u2069])\p{Default_Ignorable_Code_Point}/gu;

/** A file is too large to be a looker.ini. */
export class IniTooLargeError extends ExpectedError {
  override readonly name = 'IniTooLargeError';
  override readonly category = 'input';
  override readonly verdict = this.message;
  constructor() {
    super(l10n.t('This file is too large for a looker.ini file. Choose another file.'));
  }
}

/**
 * Reads all sections of a `looker.ini`, or of a file that sets the variables of SDKs and other tools. A section's key is
 * used with the URL in the same section only, whatever the rest of the file and the environment contain. The result
 * follows both of Looker's SDKs where they agree:
 * - the one for Node (`@looker/sdk-node`, `nodeSettings.ts`, with the package `ini`): `=` only, exact names, quotes
 *   removed, `;` and `#` start comments;
 * - the one for Python (`looker_sdk`, `rtl/api_settings.py`, with `configparser`): `=` or `:`, names in any case,
 *   `[DEFAULT]` for all sections, no duplicates.
 *
 * A section gets doubts if one of the SDKs would use another key or URL.
 * @param env the environment that VS Code was started with
 * @throws IniTooLargeError
 */
export function readIni(contents: string, env: NodeJS.ProcessEnv): readonly IniSection[] {
  if (contents.length > LONGEST_FILE) throw new IniTooLargeError();
  const environment = environmentValues(env);
  const text = contents.replace(ZERO_WIDTH, '');
  const groups = sdkVariables(text);
  const lines = iniLines(text);
  const blocks = lines.blocks
    .map((block) => ({ block, settings: settingsIn(block.entries) }))
    .filter(
      ({ block, settings }) => settings.length > 0 || (groups.length === 0 && block.name !== ''),
    );
  if (blocks.length + groups.length > MOST_SECTIONS) throw new IniTooLargeError();
  const sections = blocks.map(toSection);
  // Lines of both kinds may be mixed in one file.
  const isEither = sections.length === 0 || groups.length === 0;
  const unclear = l10n.t('unclear which API key belongs to which URL');
  const found = [
    // Variables need no header, and lines beside them may be code.
    ...(groups.length === 0 ? readHeadless(lines.headless) : []),
    ...readAll(sections, environment),
    ...groups.map(({ names, line, values, isClear }) => {
      const isOnly = groups.filter((group) => group.names === names).length === 1;
      const name = isOnly ? names : l10n.t('{0} from line {1}', names, line);
      // The SDKs' environment says nothing about other tools.
      const env = names === 'LOOKERSDK_*' ? environment : {};
      const section = sectionOf(name, values, env, { doubts: [], notes: [] });
      return isClear || !isEither ? section : doubted(section, unclear);
    }),
  ];
  return isEither ? found : found.map((section) => doubted(section, unclear));
}

/** Reports a key before the first header, which belongs to no section. */
function readHeadless(entries: readonly IniEntry[]): readonly UnusableSection[] {
  const settings = settingsIn(entries);
  const [first] = settings;
  if (!first || !hasApiKey(valuesIn(settings))) return [];
  const { name, line } = first;
  return [
    {
      name: l10n.t('{0} from line {1}', name, line),
      problem: l10n.t('A section header, such as [Looker], is missing above line {0}.', line),
    },
  ];
}

function doubted(section: IniSection, doubt: string): IniSection {
  return 'problem' in section ? section : { ...section, doubts: [...section.doubts, doubt] };
}

/**
 * The environment as a section, if it has a URL and an API key.
 * @param env the environment VS Code was started with
 */
export function readEnvironment(env: NodeJS.ProcessEnv): IniSection | undefined {
  const values = environmentValues(env);
  return isComplete(values)
    ? sectionOf('LOOKERSDK_*', values, {}, { doubts: [], notes: [] })
    : undefined;
}

/** A line that sets one of the SDKs' settings. */
interface Setting {
  readonly name: Name;
  readonly line: number;
  /** Without quotes and comment. */
  readonly value: string;
  /** Whether the SDK for Node also reads it: its names are exact, and its only delimiter is `=`. */
  readonly isForNode: boolean;
  /** The value the SDK for Python reads; undefined if it reads none. */
  readonly forPython: string | undefined;
}

interface Section {
  /** The section's name, made safe to show. */
  readonly name: string;
  readonly block: IniBlock;
  readonly settings: readonly Setting[];
  readonly values: Values;
}

function settingsIn(entries: readonly IniEntry[]): readonly Setting[] {
  return entries.flatMap((entry, index) => settingIn(entry, entries[index + 1]));
}

function toSection({ block, settings }: Pick<Section, 'block' | 'settings'>): Section {
  const name = inertName(block.name) || '?';
  return { name, block, settings, values: valuesIn(settings) };
}

function settingIn(
  { line, key, delimiter, value, below, isContinuation }: IniEntry,
  next: IniEntry | undefined,
): readonly Setting[] {
  const written = unquoted(key);
  const name = written.toLowerCase();
  if (!isName(name)) return [];
  // For Python, a comment is part of the value, and so is a following line that is indented more.
  const isOneLine = !isContinuation && next?.isContinuation !== true;
  const own = withoutComment(value);
  const after = `${value.slice(own.length)}\n${below}`;
  return [
    {
      name,
      line,
      value: finished(name, unquoted(own), after),
      isForNode: delimiter === '=' && written === name,
      forPython: isOneLine && key.toLowerCase() === name ? unquoted(value) : undefined,
    },
  ];
}

/** The settings' values; the first one wins. */
function valuesIn(settings: readonly Setting[]): Values {
  return valuesOf(settings.toReversed().map(({ name, value }) => [name, value]));
}

function readAll(sections: readonly Section[], environment: Values): readonly IniSection[] {
  const named = new Map<string, Section[]>();
  for (const section of sections) {
    const twins = named.get(section.name);
    if (twins) twins.push(section);
    else named.set(section.name, [section]);
  }
  const [defaults, another] = named.get('DEFAULT') ?? [];
  return sections.map((section, index) => {
    const { name } = section;
    const problem = problemOf(section, named.get(name) ?? []);
    return problem === undefined
      ? read(section, {
          next: sections[index + 1],
          shared: defaults && !another && defaults !== section ? defaults.values : {},
          environment,
        })
      : { name, problem };
  });
}

/** Why a section is ambiguous, if it is. The second parameter is all sections with this name, including this one. */
function problemOf(
  { block, settings }: Section,
  [first, second]: readonly Section[],
): string | undefined {
  if (!block.isHeader) {
    return l10n.t("Line {0} isn't a section header, such as [Looker].", block.line);
  }
  if (first && second) {
    return l10n.t(
      'Two sections have this name, on lines {0} and {1}.',
      first.block.line,
      second.block.line,
    );
  }
  const seen = new Map<Name, Setting>();
  for (const setting of settings) {
    const { name, line, value } = setting;
    const before = seen.get(name) ?? setting;
    if (before.value !== value) {
      return l10n.t('{0} is set twice, on lines {1} and {2}.', name, before.line, line);
    }
    seen.set(name, before);
  }
  return undefined;
}

/** @param shared values of Python's `[DEFAULT]` section */
function read(
  { name, block, settings, values }: Section,
  { next, shared, environment }: { next: Section | undefined; shared: Values; environment: Values },
): IniSection {
  const all = { ...shared, ...values };
  const borrowed = NAMES.slice(0, 3).filter(
    (name) => values[name] === undefined && shared[name] !== undefined,
  );
  const ours = toSettings(all);
  const forNode = toSettings(valuesIn(settings.filter(({ isForNode }) => isForNode)));
  const forPython = toSettings({
    ...shared,
    ...valuesOf(settings.map(({ name, forPython = '' }) => [name, forPython])),
  });
  const differs = (other: typeof ours) =>
    !('problem' in ours) && !('problem' in other) && !isSameKey(ours, other);
  const isHeaderForAll = block.isHeaderForAll && next?.block.isHeaderForAll !== false;
  const doubts = [
    ...(borrowed.length > 0 ? [l10n.t('from [DEFAULT]: {0}', borrowed.join(', '))] : []),
    ...(differs(forNode) || differs(forPython) || !isHeaderForAll
      ? [l10n.t("Looker's SDKs for Node and Python read this section differently")]
      : []),
  ];
  const notes =
    'problem' in forNode && !('problem' in forPython)
      ? [l10n.t("read the way Looker's SDK for Python does")]
      : [];
  return sectionOf(name, all, environment, { doubts, notes });
}
