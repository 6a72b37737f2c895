import * as os from 'node:os';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { verdictOf, type CheckStep } from '../../diagnostics/checkStep';
import { Emitter } from '../../base/emitter';
import { parseBaseUrl } from '../../looker/instance/baseUrl';
import { CanceledError, messageOf } from '../../looker/errors/expectedError';
import { checkLines, checkReport, type CheckState } from './checkContent';
import { ownExtension } from '../ownExtension';
import { askText, required } from '../prompts/askText';
import { pick, type Choice } from '../prompts/pick';
import { showDone } from '../prompts/showDone';
import type { PromptButton } from '../prompts/showPrompt';
import { standalone } from '../prompts/steps';
import { typedChoice, usedAndNamed } from '../login/askInstance';
import { withoutSecret } from '../login/takePasted';
import type { CommandContext } from '../context';

/**
 * Checks the connection to an instance step by step, in a list that fills up. Esc stops the check. If it passes, failed
 * renewals are retried.
 * @param baseUrl the instance; if omitted, the user chooses it
 * @throws CanceledError on Esc
 */
export async function checkConnection(context: CommandContext, baseUrl?: string): Promise<void> {
  const asked = baseUrl ?? (await askWhatToCheck(context));
  const changes = new Emitter<void>();
  let running = new AbortController();
  let state: CheckState = { asked, steps: [], isDone: false };
  const run = () => {
    running.abort();
    const { signal } = (running = new AbortController());
    const show = (steps: CheckState['steps'], isDone: boolean) => {
      if (signal.aborted) return;
      state = { asked, steps, isDone };
      changes.fire();
      if (isDone && verdictOf(steps).outcome !== 'failed') {
        context.accounts.clearFailures(parseBaseUrl(asked));
      }
    };
    void follow(context.inquiries.check(asked, signal), show);
  };
  run();
  try {
    await pick({
      place: standalone(l10n.t('Check Connection')),
      placeholder: l10n.t(
        '{0}: press Enter on the first line to copy a report',
        asked.replace(/^https?:\/\//, ''),
      ),
      choices: () => linesOf(state),
      onDidChange: changes.event,
      isBusy: () => !state.isDone,
      buttons: [
        button('copy', l10n.t('Copy Report'), () => copyReport(state)),
        button('refresh', l10n.t('Run Again'), run),
      ],
    });
  } finally {
    running.abort();
    changes.dispose();
  }
}

/**
 * Collects the steps: a later version of a step replaces the earlier one. If the check itself fails, its last step gets
 * the error.
 */
async function follow(
  check: AsyncIterable<CheckStep>,
  show: (steps: CheckState['steps'], isDone: boolean) => void,
): Promise<void> {
  const steps = new Map<CheckStep['name'], CheckStep>();
  try {
    for await (const step of check) {
      steps.set(step.name, step);
      show([...steps.values()], false);
    }
    show([...steps.values()], true);
  } catch (error) {
    if (error instanceof CanceledError) return;
    const { name = 'url', ms = 0 } = [...steps.values()].at(-1) ?? {};
    const sentence = messageOf(error);
    steps.set(name, { name, outcome: 'failed', ms, sentence });
    show([...steps.values()], true);
  }
}

function linesOf(state: CheckState): readonly Choice<never>[] {
  const { verdict, steps } = checkLines(state);
  const copy = () => void copyReport(state);
  return [
    { ...verdict, alwaysShow: true, ...(state.isDone && { choose: copy }) },
    { label: l10n.t('Steps'), kind: vscode.QuickPickItemKind.Separator },
    ...steps.map((line) => ({ ...line, alwaysShow: true })),
  ];
}

function button(icon: string, tooltip: string, press: () => void | Promise<void>): PromptButton {
  return {
    iconPath: new vscode.ThemeIcon(icon),
    tooltip,
    press: async () => {
      await press();
      return undefined;
    },
  };
}

async function copyReport(state: CheckState): Promise<void> {
  const { version } = ownExtension()?.packageJSON as { version: string };
  const report = checkReport(state, {
    product: version,
    vscode: vscode.version,
    system: `${os.type()} ${os.release()} ${os.arch()}, Node.js ${process.version}`,
    remote: vscode.env.remoteName,
    time: new Date(),
  });
  await vscode.env.clipboard.writeText(report);
  showDone(l10n.t('Copied the report'));
}

/** Asks for the instance: the active account's, another known one, or a typed URL. */
async function askWhatToCheck(context: CommandContext): Promise<string> {
  const title = l10n.t('Check Connection');
  const { accounts, settings } = context;
  const active = accounts.active ? [accounts.active.account.baseUrl] : [];
  const choices = [...new Set([...active, ...usedAndNamed(context)])].map((baseUrl) => ({
    label: settings.nameOf(baseUrl),
    description: baseUrl,
    answer: baseUrl,
  }));
  if (choices.length === 0) {
    return askText({
      place: standalone(title),
      content: () => ({ prompt: l10n.t('URL of the Looker instance to check') }),
      placeholder: 'https://acme.cloud.looker.com',
      accept: required(l10n.t('Enter the instance URL.')),
    });
  }
  return pick({
    place: standalone(title),
    placeholder: l10n.t('Choose the Looker instance to check, or enter its URL'),
    read: withoutSecret,
    choices: (typed) => [...choices, ...(typed === '' ? [] : [typedChoice(typed)])],
  });
}
