import * as l10n from '@vscode/l10n';
import { LONGEST_FILE } from './fileText';
import { iniBlocks, type IniBlock, type IniEntry } from './iniLines';
import { printableName } from './printable';
import {
  environmentValues,
  isName,
  isSameKey,
  NAMES,
  sectionOf,
  toSettings,
  unquoted,
  valuesOf,
  type IniSection,
  type Name,
  type SdkSettings,
  type Values,
} from './sdkSettings';
import { sdkVariables } from './sdkVariables';

export type { IniSection, SdkSettings, UnusableSection, UsableSection } from './sdkSettings';

const MOST_SECTIONS = 500;

/** What nobody sees, but marks of direction, which are seen in a name, and in no key. */
const ZERO_WIDTH = /(?![\u202a-\u202e\u2066-\u2069])\p{Default_Ignorable_Code_Point}/gu;

/** A file is too large to be read as a looker.ini. */
export class IniTooLargeError extends Error {
  override readonly name = 'IniTooLargeError';
  constructor() {
    super(l10n.t('This file is too large to be a looker.ini. Choose another file.'));
  }
}

/**
 * Reads all sections of a `looker.ini`, and of a file that sets the SDKs' variables. A section's key goes to the URL in
 * the same section, whatever else the file and the environment say. Both of Looker's SDKs are followed where they agree:
 * the one for Node (`@looker/sdk-node`, `nodeSettings.ts`, with the package `ini`: `=` only, names as they are, quotes
 * taken off, `;` and `#` begin comments) and the one for Python (`looker_sdk`, `rtl/api_settings.py`, with
 * `configparser`: `=` or `:`, names in any case, `[DEFAULT]` for all sections, nothing there twice). Where they would
 * use another key or URL, the section has doubts.
 * @param env the environment that VS Code was started with
 * @throws IniTooLargeError
 */
export function readIni(contents: string, env: NodeJS.ProcessEnv): readonly IniSection[] {
  if (contents.length > LONGEST_FILE) throw new IniTooLargeError();
  const environment = environmentValues(env);
  const text = contents.replace(ZERO_WIDTH, '');
  const { groups, isClear } = sdkVariables(text);
  const blocks = iniBlocks(text).filter(
    ({ name, entries }) =>
      entries.some((entry) => nameIn(entry) !== undefined) || (groups.length === 0 && name !== ''),
  );
  if (blocks.length + groups.length > MOST_SECTIONS) throw new IniTooLargeError();
  // Lines of both kinds may stand between each other.
  const isEither = blocks.length === 0 || groups.length === 0;
  const unclear = l10n.t('it is unclear which key belongs to which URL');
  const sections = [
    ...sectionsIn(blocks, environment),
    ...groups.map(({ line, values }) => {
      const name = groups.length === 1 ? 'LOOKERSDK_*' : l10n.t('LOOKERSDK_* from line {0}', line);
      return sectionOf(name, values, environment, { doubts: [], notes: [] });
    }),
  ];
  return isEither && isClear ? sections : sections.map((section) => doubted(section, unclear));
}

function doubted(section: IniSection, doubt: string): IniSection {
  return 'problem' in section ? section : { ...section, doubts: [...section.doubts, doubt] };
}

/** What the environment alone says, where that is enough to log in. @param env that VS Code was started with */
export function readEnvironment(env: NodeJS.ProcessEnv): SdkSettings | undefined {
  const settings = toSettings(environmentValues(env));
  return 'problem' in settings ? undefined : settings;
}

function sectionsIn(blocks: readonly IniBlock[], environment: Values): readonly IniSection[] {
  const named = new Map<string, IniBlock[]>();
  for (const block of blocks) {
    const name = nameOf(block);
    named.set(name, [...(named.get(name) ?? []), block]);
  }
  const [defaults, another] = named.get('DEFAULT') ?? [];
  return blocks.map((block, index) => {
    const name = nameOf(block);
    const problem = problemOf(block, named.get(name) ?? []);
    return problem === undefined
      ? read(block, {
          next: blocks[index + 1],
          defaults: another ? undefined : defaults,
          environment,
        })
      : { name, problem };
  });
}

function nameOf({ name }: IniBlock): string {
  return printableName(name) || '?';
}

/** What makes it unclear what stands in a section. @param twins those of the same name, itself included */
function problemOf(
  { line, isHeader, entries }: IniBlock,
  [first, second]: readonly IniBlock[],
): string | undefined {
  if (!isHeader) return l10n.t('Line {0} is not the header of a section, such as [Looker]', line);
  if (first && second) {
    return l10n.t(
      'There are two sections of this name, in lines {0} and {1}. Rename one',
      first.line,
      second.line,
    );
  }
  const seen = new Map<Name, IniEntry>();
  for (const entry of entries) {
    const name = nameIn(entry);
    if (name === undefined) continue;
    const before = seen.get(name);
    if (before && valueIn(before) !== valueIn(entry)) {
      return l10n.t('{0} is there twice, in lines {1} and {2}', name, before.line, entry.line);
    }
    seen.set(name, entry);
  }
  return undefined;
}

function read(
  block: IniBlock,
  {
    next,
    defaults,
    environment,
  }: { next: IniBlock | undefined; defaults: IniBlock | undefined; environment: Values },
): IniSection {
  const { entries } = block;
  const shared = defaults && defaults !== block ? valuesIn(defaults.entries) : {};
  const own = valuesIn(entries);
  const all = { ...shared, ...own };
  const borrowed = NAMES.slice(0, 3).filter(
    (name) => own[name] === undefined && shared[name] !== undefined,
  );
  const ours = toSettings(all);
  const forNode = toSettings(valuesIn(entries.filter(isForNode)));
  const forPython = toSettings({
    ...shared,
    ...valuesOf(entries.flatMap((entry, index) => pythonValue(entry, entries[index + 1]))),
  });
  const differs = (other: typeof ours) =>
    !('problem' in ours) && !('problem' in other) && !isSameKey(ours, other);
  const isHeaderForAll = block.isHeaderForAll && next?.isHeaderForAll !== false;
  const doubts = [
    ...(borrowed.length > 0 ? [l10n.t('from [DEFAULT]: {0}', borrowed.join(', '))] : []),
    ...(differs(forNode) || differs(forPython) || !isHeaderForAll
      ? [l10n.t("Looker's SDKs for Node and Python read this section differently")]
      : []),
  ];
  const notes =
    'problem' in forNode && !('problem' in forPython)
      ? [l10n.t("read as by Looker's SDK for Python")]
      : [];
  return sectionOf(nameOf(block), all, environment, { doubts, notes });
}

/** The setting that an entry is about, however its name is written. */
function nameIn({ key }: IniEntry): Name | undefined {
  const name = unquoted(key).toLowerCase();
  return isName(name) ? name : undefined;
}

/** What is set here, the first time. */
function valuesIn(entries: readonly IniEntry[]): Values {
  return valuesOf(
    entries.toReversed().flatMap((entry) => {
      const name = nameIn(entry);
      return name === undefined ? [] : [[name, valueIn(entry)] as const];
    }),
  );
}

/** Without quotes; where there are none around all of it, without a comment behind it. */
function valueIn({ value }: IniEntry): string {
  const isQuoted = /^(["']).*\1$/.test(value);
  return unquoted(isQuoted ? value : (/^[^;#]*/.exec(value)?.[0] ?? value));
}

function isForNode(entry: IniEntry): boolean {
  return entry.delimiter === '=' && unquoted(entry.key) === nameIn(entry);
}

/** For Python, a comment behind a value is part of it. So is what is indented below: that is no value of ours. */
function pythonValue(
  { key, value, isContinuation }: IniEntry,
  next: IniEntry | undefined,
): readonly (readonly [Name, string])[] {
  const name = key.toLowerCase();
  return isContinuation || next?.isContinuation === true || !isName(name)
    ? []
    : [[name, unquoted(value)]];
}
