import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import { Turns } from '../../accounts/turns';
import { CancelledError, messageOf, UntrustedCertificateError } from '../../looker/errors';
import { hostOf, isLoopback } from '../../looker/host';
import {
  readEnvironment,
  readIni,
  type IniSection,
  type UsableSection,
} from '../../looker/lookerIni';
import {
  homeIniFiles,
  IniFileError,
  nameOfFile,
  readIniFile,
  workspaceIniFiles,
} from '../iniFiles';
import { warnOfKeysInGit } from '../keysInGit';
import { plainText } from '../plainText';
import { pick, type Choice } from '../prompts/pick';
import { pickMany } from '../prompts/pickMany';
import { withProgress } from '../prompts/progress';
import { alone, askInSteps, type Place, type Step } from '../prompts/steps';
import type { CommandContext } from './context';

/** A file, or what the environment says on its own. */
type Source = vscode.Uri | 'environment';

/** What came of one section. */
interface Outcome {
  readonly section: UsableSection;
  readonly account?: Account;
  /** The account was logged in before. */
  readonly isAgain?: boolean;
  readonly error?: unknown;
}

const title = () => l10n.t('Import from looker.ini');

/**
 * Asks for the file and which of its sections to log in with, logs in with each, and says what came of it. Keys go to
 * the secret storage alone; the file is left as it is.
 * @param file the file, where that is settled
 * @throws CancelledError; IniFileError
 */
export async function importIni(context: CommandContext, file?: vscode.Uri): Promise<void> {
  let source: Source | undefined = file;
  let chosen: readonly UsableSection[] = [];
  const askSource: Step = async (place) => {
    source = await pickSource(place);
  };
  const askSections: Step = async (place) => {
    if (source) chosen = await pickSections(context, place, await sectionsOf(source));
  };
  await askInSteps(title(), file ? [askSections] : [askSource, askSections]);
  if (chosen.length === 0) throw new CancelledError();
  const outcomes = await logInWith(context, chosen);
  // Whichever of the two is read first, the other one waits for nothing.
  if (source instanceof vscode.Uri) void warnOfKeysInGit(source).catch(context.tell);
  await showOutcomes(context, outcomes);
}

/** The places where the SDKs would look, and any other file. */
async function pickSource(place: Place): Promise<Source> {
  const [workspace, home] = await Promise.all([workspaceIniFiles(), homeIniFiles()]);
  const environment = readEnvironment(process.env);
  const source = await pick<Source | 'dialog'>({
    place,
    placeholder: l10n.t('Where are the API keys?'),
    choices: [
      ...workspace.map((file) => ({
        label: `$(file) ${plainText(nameOfFile(file))}`,
        description: l10n.t('in this workspace'),
        answer: file,
      })),
      ...home.map((file) => ({
        label: `$(home) ${file.fsPath}`,
        description: l10n.t('in your home folder'),
        answer: file,
      })),
      ...(environment
        ? [
            {
              label: '$(symbol-variable) LOOKERSDK_*',
              description: l10n.t('in the environment of VS Code'),
              detail: hostOf(environment.baseUrl),
              answer: 'environment' as const,
            },
          ]
        : []),
      { label: `$(folder-opened) ${l10n.t('Choose a file…')}`, answer: 'dialog' },
    ],
  });
  if (source !== 'dialog') return source;
  const [file] =
    (await vscode.window.showOpenDialog({
      title: title(),
      openLabel: l10n.t('Import'),
      filters: { [l10n.t('Looker SDK settings')]: ['ini'], [l10n.t('All files')]: ['*'] },
    })) ?? [];
  if (!file) throw new CancelledError();
  return file;
}

/** @throws IniFileError where there are none */
async function sectionsOf(source: Source): Promise<readonly IniSection[]> {
  if (source === 'environment') {
    const settings = readEnvironment(process.env);
    return settings ? [{ name: 'LOOKERSDK_*', overriddenBy: [], settings }] : [];
  }
  const sections = readIni(await readIniFile(source), process.env);
  if (sections.length > 0) return sections;
  throw new IniFileError(
    l10n.t(
      '{0} has no section, such as [Looker], with base_url, client_id and client_secret. Choose another file.',
      nameOfFile(source),
    ),
  );
}

function pickSections(
  context: CommandContext,
  place: Place,
  sections: readonly IniSection[],
): Promise<readonly UsableSection[]> {
  const usable = sections.filter((section) => 'settings' in section);
  return pickMany({
    place,
    placeholder:
      usable.length > 0
        ? l10n.t('Tick the sections to log in with')
        : l10n.t('No section has all it takes to log in'),
    choices: sections.map((section) =>
      'settings' in section
        ? usableLine(context, section, usable)
        : {
            label: `$(warning) ${plainText(section.name)}`,
            description: l10n.t('cannot be imported'),
            detail: plainText(section.problem),
          },
    ),
  });
}

/** A section as a line to tick, with all that is special about it. Of its key it shows the beginning of the id. */
function usableLine(
  { nameOf, timeoutMs }: CommandContext,
  section: UsableSection,
  all: readonly UsableSection[],
): Choice<UsableSection> {
  const { name, overriddenBy, settings } = section;
  const { baseUrl, apiKey, verifySsl, timeout } = settings;
  const isPlain = baseUrl.startsWith('http:') && !isLoopback(baseUrl);
  const seconds = timeoutMs() / 1000;
  const notes = [
    overriddenBy.length > 0 && l10n.t('from the environment: {0}', overriddenBy.join(', ')),
    isPlain && l10n.t('plain http, without encryption'),
    !verifySsl && l10n.t('verify_ssl is ignored, certificates are always verified'),
    timeout !== undefined &&
      timeout !== seconds &&
      l10n.t('timeout stays {0} s, not {1} s', seconds, timeout),
  ];
  return {
    label: plainText(name),
    description: plainText(
      l10n.t('{0}, client id {1}…', nameOf(baseUrl), apiKey.clientId.slice(0, 4)),
    ),
    detail: plainText(notes.filter((note) => note !== false).join(' · ')),
    picked: isFirst(section, all) && !isMixed(section),
    answer: section,
  };
}

/** No other section before it has the same key. */
function isFirst(section: UsableSection, all: readonly UsableSection[]): boolean {
  const keyOf = ({ settings: { baseUrl, apiKey } }: UsableSection) =>
    `${baseUrl} ${apiKey.clientId}`;
  return all.find((other) => keyOf(other) === keyOf(section)) === section;
}

/** The environment's key would go to the file's instance: the user has to want that. */
function isMixed({ overriddenBy }: UsableSection): boolean {
  return (
    !overriddenBy.includes('LOOKERSDK_BASE_URL') &&
    overriddenBy.some((name) => name.startsWith('LOOKERSDK_CLIENT'))
  );
}

/**
 * Logs in with each section, at once on different instances and one after the other on the same. What fails does not
 * stop the others. Who was active stays so.
 */
async function logInWith(
  { accounts, probe, log }: CommandContext,
  sections: readonly UsableSection[],
): Promise<readonly Outcome[]> {
  const active = accounts.active?.account.id;
  const turns = new Turns();
  let begun = 0;
  const outcomes = await withProgress(l10n.t('Logging in'), (signal, say) => {
    const logIn = async (section: UsableSection): Promise<Outcome> => {
      const { baseUrl, apiKey } = section.settings;
      try {
        if (signal.aborted) throw new CancelledError();
        say(l10n.t('{0} of {1}: {2}', ++begun, sections.length, section.name));
        const { apiVersion } = await probe(baseUrl, signal);
        const before = new Set(accounts.list.map(({ id }) => id));
        const account = await accounts.login({ baseUrl, apiVersion }, apiKey, signal);
        return { section, account, isAgain: before.has(account.id) };
      } catch (error) {
        return { section, error };
      }
    };
    return Promise.all(
      sections.map((section) => turns.take(section.settings.baseUrl, () => logIn(section))),
    );
  });
  if (outcomes.every(({ error }) => error instanceof CancelledError)) throw new CancelledError();
  for (const { error } of outcomes) {
    if (error && !(error instanceof CancelledError)) log.warn(`Import: ${messageOf(error)}`);
  }
  const first = active ?? outcomes.find(({ account }) => account)?.account?.id;
  if (first !== undefined) await accounts.activate(first);
  return outcomes;
}

/** Who is logged in now, and why others are not. Choosing a failure says it in full, with what to do next. */
async function showOutcomes({ tell }: CommandContext, outcomes: readonly Outcome[]): Promise<void> {
  await pick({
    place: alone(title()),
    placeholder: outcomes.every(({ account }) => account)
      ? l10n.t('All logged in. The API keys also stay where they were.')
      : l10n.t('Choose what failed to read why. The API keys also stay where they were.'),
    choices: outcomes.map((outcome) => outcomeLine(outcome, tell)),
  });
}

function outcomeLine(
  { section, account, isAgain, error }: Outcome,
  tell: CommandContext['tell'],
): Choice<'read'> {
  const { settings } = section;
  const name = plainText(section.name);
  const description = plainText(hostOf(settings.baseUrl));
  if (account) {
    const who = plainText(account.user.name);
    return {
      label: `$(check) ${name}`,
      description,
      detail: isAgain
        ? l10n.t('Logged in again as {0}, now with this key', who)
        : l10n.t('Logged in as {0}', who),
      answer: 'read',
    };
  }
  if (error instanceof CancelledError) {
    return {
      label: `$(circle-slash) ${name}`,
      description,
      detail: l10n.t('Cancelled'),
      answer: 'read',
    };
  }
  const isUnverified = error instanceof UntrustedCertificateError && !settings.verifySsl;
  return {
    label: `$(error) ${name}`,
    description,
    detail: plainText(
      isUnverified ? l10n.t('verify_ssl is ignored. {0}', messageOf(error)) : messageOf(error),
    ),
    choose: () => void tell(error),
  };
}
