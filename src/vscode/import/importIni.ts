import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import { KeyedMutex } from '../../accounts/keyedMutex';
import { CancelledError, messageOf } from '../../looker/errors/expectedError';
import { IniFileError } from '../../looker/errors/input';
import { ApiElsewhereError } from '../../looker/errors/notLooker';
import { UntrustedCertificateError } from '../../looker/errors/tls';
import { hostOf, isLoopback, isSameHost, portOf } from '../../looker/instance/host';
import type { IniSection, UsableSection } from '../../looker/apiKeys/lookerIni';
import { fileSource, importSources, type ImportSource } from './importSources';
import { warnIfTracked } from './warnIfTracked';
import { confirm } from '../prompts/confirm';
import { pick, type Choice } from '../prompts/pick';
import { pickMany } from '../prompts/pickMany';
import { withProgress } from '../prompts/progress';
import { standalone, askInSteps, type StepContext, type Step } from '../prompts/steps';
import type { CommandContext } from '../context';

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
 * Asks where the keys are and which of them to log in with, once more in a dialog that names where each of them goes,
 * logs in with each, and says what came of it. Keys go to the secret storage alone; the file is left as it is.
 * @param file the file, where that is settled
 * @throws CancelledError; IniFileError; IniTooLargeError
 */
export async function importIni(context: CommandContext, file?: vscode.Uri): Promise<void> {
  let source = file && fileSource(file);
  let chosen: readonly UsableSection[] = [];
  const askSource: Step = async (place) => {
    source = await pickSource(place);
  };
  const askSections: Step = async (place) => {
    if (source) chosen = await pickSections(context, place, await source.read());
  };
  await askInSteps(title(), file ? [askSections] : [askSource, askSections]);
  if (chosen.length === 0) throw new CancelledError();
  await confirmSections(chosen);
  const outcomes = await logInWith(context, chosen);
  const { importOffer, messages } = context;
  const tell = (error: unknown) => messages.tell(error);
  const imported = source?.file;
  if (imported) {
    void importOffer.settle(imported).then(undefined, tell);
    // Whichever of the two is read first, the other one waits for nothing.
    void warnIfTracked(imported).catch(tell);
  }
  await showOutcomes(context, outcomes);
}

/** The places where the SDKs would look, where Google's extension kept keys, and any other file. */
async function pickSource(place: StepContext): Promise<ImportSource> {
  const sources = await importSources();
  const source = await pick<ImportSource | 'dialog'>({
    place,
    placeholder: l10n.t('Where are the API keys?'),
    choices: [
      ...sources.map((source) => ({
        key: `${source.name} ${source.description}`,
        label: `$(${source.icon}) ${source.name}`,
        description: source.description,
        ...(source.detail !== undefined && { detail: source.detail }),
        answer: source,
      })),
      { label: `$(folder-opened) ${l10n.t('Choose a file…')}`, answer: 'dialog' },
    ],
  });
  if (source !== 'dialog') return source;
  const [file] =
    (await vscode.window.showOpenDialog({
      title: title(),
      openLabel: l10n.t('Import'),
      filters: { [l10n.t('Looker SDK settings')]: ['ini', 'env'], [l10n.t('All files')]: ['*'] },
    })) ?? [];
  if (!file) throw new CancelledError();
  return fileSource(file);
}

/** The sections of one place. What is in doubt is not ticked; what cannot be imported says why when it is clicked. */
function pickSections(
  context: CommandContext,
  place: StepContext,
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
            label: `$(warning) ${section.name}`,
            description: l10n.t('cannot be imported'),
            detail: section.problem,
            choose: () =>
              void context.messages.tell(
                new IniFileError(
                  l10n.t("{0} can't be imported. {1}.", section.name, withoutStop(section.problem)),
                ),
              ),
          },
    ),
  });
}

/** A section as a line to tick, with all that is special about it. Of its key it shows the beginning of the id. */
function usableLine(
  context: CommandContext,
  section: UsableSection,
  all: readonly UsableSection[],
): Choice<UsableSection> {
  const { name, settings, doubts } = section;
  const { baseUrl, apiKey, verifySsl, timeout } = settings;
  const isPlain = baseUrl.startsWith('http:') && !isLoopback(baseUrl);
  const seconds = context.settings.timeoutMs / 1000;
  const notes = [
    ...doubts,
    ...section.notes,
    isPlain && l10n.t('plain http, without encryption'),
    !verifySsl && l10n.t('verify_ssl is ignored, certificates are always verified'),
    timeout !== undefined &&
      timeout !== seconds &&
      l10n.t('timeout stays {0} s, not {1} s', seconds, timeout),
  ];
  return {
    label: name,
    description: l10n.t(
      '{0}, client id {1}…',
      context.settings.nameOf(baseUrl),
      apiKey.clientId.slice(0, 4),
    ),
    detail: notes.filter((note) => note !== false).join(' · '),
    picked: isFirst(section, all),
    answer: section,
  };
}

/** It has no doubts, and no other section without doubts before it has the same key. */
function isFirst(section: UsableSection, all: readonly UsableSection[]): boolean {
  const keyOf = ({ settings: { baseUrl, apiKey } }: UsableSection) =>
    `${baseUrl} ${apiKey.clientId}`;
  const sure = all.filter(({ doubts }) => doubts.length === 0);
  return sure.find((other) => keyOf(other) === keyOf(section)) === section;
}

/**
 * Asks in a dialog, which no other extension can answer, and names where each key would go. The host comes first: what a
 * section is called is up to its file.
 * @throws CancelledError
 */
async function confirmSections(sections: readonly UsableSection[]): Promise<void> {
  const lines = sections.map(({ name, settings, doubts }) => {
    const { baseUrl, apiKey } = settings;
    const line = l10n.t(
      '{0}: client ID {1}… ({2})',
      hostOf(baseUrl),
      apiKey.clientId.slice(0, 4),
      name,
    );
    return doubts.length > 0 ? `${line}: ${doubts.join(' · ')}` : line;
  });
  await confirm(
    sections.length === 1
      ? l10n.t('Log in to Looker with this API key?')
      : l10n.t('Log in to Looker with these {0} API keys?', sections.length),
    `${lines.join('\n')}\n\n${l10n.t('Each key is sent to the host named before it, and saved in the secret storage of VS Code.')}`,
    l10n.t('Log In'),
  );
}

/** A sentence that goes on. */
function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

/**
 * Logs in with each section, at once on different instances and one after the other on the same. What fails does not
 * stop the others. Who was active stays so.
 */
async function logInWith(
  { accounts, inquiries, log }: CommandContext,
  sections: readonly UsableSection[],
): Promise<readonly Outcome[]> {
  const active = accounts.active?.account.id;
  const mutex = new KeyedMutex();
  let begun = 0;
  const outcomes = await withProgress(l10n.t('Logging in'), (signal, say) => {
    const logIn = async (section: UsableSection): Promise<Outcome> => {
      const { baseUrl, apiKey } = section.settings;
      try {
        if (signal.aborted) throw new CancelledError();
        say(l10n.t('{0} of {1}: {2}', ++begun, sections.length, section.name));
        const { apiVersion } = await inquiries.probe(baseUrl, signal);
        const before = new Set(accounts.list.map(({ id }) => id));
        const account = await accounts.login({ baseUrl, apiVersion }, apiKey, signal);
        return { section, account, isAgain: before.has(account.id) };
      } catch (error) {
        return { section, error };
      }
    };
    return Promise.all(
      sections.map((section) => mutex.run(section.settings.baseUrl, () => logIn(section))),
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

/**
 * Who is logged in now, and why others are not. Choosing a failure says it in full, with what to do next; where only the
 * other usual port of that host answers, it goes on there.
 */
async function showOutcomes(context: CommandContext, all: readonly Outcome[]): Promise<void> {
  let outcomes = all;
  for (;;) {
    const answer = await pick<'read' | { readonly again: Outcome; readonly baseUrl: string }>({
      place: standalone(title()),
      placeholder: outcomes.every(({ account }) => account)
        ? l10n.t('All logged in. The API keys also stay where they were.')
        : l10n.t('Choose what failed to read why. The API keys also stay where they were.'),
      choices: outcomes.map((outcome) => outcomeLine(outcome, context.messages)),
    });
    if (answer === 'read') return;
    const { again, baseUrl } = answer;
    const { section } = again;
    const settings = { ...section.settings, baseUrl };
    const [outcome = again] = await logInWith(context, [{ ...section, settings }]);
    outcomes = outcomes.map((before) => (before === again ? outcome : before));
  }
}

function outcomeLine(
  outcome: Outcome,
  messages: CommandContext['messages'],
): Choice<'read' | { readonly again: Outcome; readonly baseUrl: string }> {
  const { section, account, isAgain, error } = outcome;
  const { settings } = section;
  const name = section.name;
  const description = hostOf(settings.baseUrl);
  if (account) {
    const who = account.user.name;
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
  // Another port is the same host; another host would be one that nobody has agreed to.
  if (error instanceof ApiElsewhereError && isSameHost(error.baseUrl, error.otherBaseUrl)) {
    const { otherBaseUrl } = error;
    return {
      label: `$(arrow-swap) ${name}`,
      description,
      detail: l10n.t(
        '{0} Choose this line to use port {1}.',
        messageOf(error),
        portOf(otherBaseUrl),
      ),
      answer: { again: outcome, baseUrl: otherBaseUrl },
    };
  }
  const isUnverified = error instanceof UntrustedCertificateError && !settings.verifySsl;
  return {
    label: `$(error) ${name}`,
    description,
    detail: isUnverified
      ? l10n.t('verify_ssl is ignored. {0}', messageOf(error))
      : messageOf(error),
    choose: () => void messages.tell(error),
  };
}
