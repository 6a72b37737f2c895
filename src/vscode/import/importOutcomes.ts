import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import { KeyedMutex } from '../../base/keyedMutex';
import type { UsableSection } from '../../looker/apiKeys/lookerIni';
import { CanceledError, loggedMessageOf, messageOf } from '../../looker/errors/expectedError';
import { ApiElsewhereError } from '../../looker/errors/notLooker';
import { UntrustedCertificateError } from '../../looker/errors/tls';
import { hostOf, isSameHost, portOf } from '../../looker/instance/host';
import type { CommandContext } from '../context';
import { pick, type Choice } from '../prompts/pick';
import { withProgress } from '../prompts/progress';
import { standalone } from '../prompts/steps';
import { firstSentence } from '../text/firstSentence';

/** The outcome for one section. */
export interface Outcome {
  readonly section: UsableSection;
  readonly account?: Account;
  /** Whether the account was already logged in. */
  readonly isAgain?: boolean;
  readonly error?: unknown;
}

/** Title of all prompts of an import. */
export function importTitle(): string {
  return l10n.t('Import from looker.ini');
}

/**
 * Logs in with each section, in parallel for different instances. A failure doesn't stop the others. The active account
 * stays the same.
 */
export async function importSections(
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
        if (signal.aborted) throw new CanceledError();
        say(l10n.t('{2} ({0} of {1})', ++begun, sections.length, section.name));
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
  if (outcomes.every(({ error }) => error instanceof CanceledError)) throw new CanceledError();
  for (const { error } of outcomes) {
    if (error && !(error instanceof CanceledError)) log.warn(`Import: ${loggedMessageOf(error)}`);
  }
  const first = active ?? outcomes.find(({ account }) => account)?.account?.id;
  if (first !== undefined) await accounts.activate(first);
  return outcomes;
}

/**
 * Shows who is logged in now, and why others aren't. Choosing a failure shows its message with the next step; if only
 * the other usual port of the host responds, it is tried.
 */
export async function showOutcomes(
  context: CommandContext,
  all: readonly Outcome[],
): Promise<void> {
  let outcomes = all;
  for (;;) {
    const answer = await pick<'read' | { readonly again: Outcome; readonly baseUrl: string }>({
      place: standalone(importTitle()),
      placeholder: outcomes.every(({ account }) => account)
        ? l10n.t('All logins succeeded. Your API keys also remain where you imported them from.')
        : l10n.t(
            'Choose a failed login to see why. Your API keys remain where you imported them from.',
          ),
      choices: outcomes.map((outcome) => outcomeLine(outcome, context.messages)),
    });
    if (answer === 'read') return;
    const { again, baseUrl } = answer;
    const { section } = again;
    const settings = { ...section.settings, baseUrl };
    const [outcome = again] = await importSections(context, [{ ...section, settings }]);
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
  if (error instanceof CanceledError) {
    return {
      label: `$(circle-slash) ${name}`,
      description,
      detail: l10n.t('Canceled'),
      answer: 'read',
    };
  }
  // Another port is the same host; the user hasn't agreed to another host.
  if (error instanceof ApiElsewhereError && isSameHost(error.baseUrl, error.otherBaseUrl)) {
    const { otherBaseUrl } = error;
    return {
      label: `$(arrow-swap) ${name}`,
      description,
      detail: l10n.t(
        'Port {0} responds instead. Choose this line to use it.',
        portOf(otherBaseUrl),
      ),
      answer: { again: outcome, baseUrl: otherBaseUrl },
    };
  }
  const isUnverified = error instanceof UntrustedCertificateError && !settings.verifySsl;
  const what = firstSentence(messageOf(error));
  return {
    label: `$(error) ${name}`,
    description,
    detail: isUnverified ? l10n.t('Looker Auth ignores verify_ssl. {0}', what) : what,
    choose: () => void messages.showError(error),
  };
}
