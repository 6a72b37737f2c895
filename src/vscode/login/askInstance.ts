import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { loginUser, type Account } from '../../accounts/account';
import { Emitter } from '../../base/emitter';
import { showsSecret } from '../../looker/apiKeys/pastedApiKey';
import { parseBaseUrl, plausibleBaseUrl } from '../../looker/instance/baseUrl';
import { hostOf } from '../../looker/instance/host';
import { inertText } from '../../looker/inert';
import { formatAge } from '../text/age';
import { askInDialog } from '../prompts/confirm';
import { askText, isForTheUser, type Content } from '../prompts/askText';
import { pick, type Choice } from '../prompts/pick';
import { Back, type StepContext, type Step } from '../prompts/steps';
import type { CommandContext } from '../context';
import { useInstance, takeFailure, type Draft } from './loginDraft';
import { recoveryButtons } from './loginFailure';
import type { Probing } from './probing';
import { seenInList, takeSecretAway } from './takePasted';
import { retryOnceTrusted } from '../trust/trustCertificate';
import { tryInstance, lookingMessage } from './findLooker';
import { listNames } from '../text/listNames';

/**
 * Asks for the instance until Looker responds there: a known one, the one on the clipboard, or a typed URL. An error is
 * shown where the URL is typed.
 * @param onClipboard see {@link instanceOnClipboard}
 */
export function askInstance(
  context: CommandContext,
  draft: Draft,
  onClipboard: string | undefined,
): Step {
  return async (place) => {
    const hasChoice = onClipboard !== undefined || usedAndNamed(context).length > 0;
    if (draft.url === undefined && hasChoice) {
      const url = await pickInstance(place, context, draft, onClipboard);
      if (url !== '' && (await tryInstance(context, draft, place, url))) return;
    }
    const typing = { ...place, canGoBack: hasChoice };
    try {
      let url = await typeInstance(typing, context, draft);
      while (!(await tryInstance(context, draft, place, url))) {
        url = await typeInstance(typing, context, draft);
      }
    } catch (error) {
      if (error instanceof Back) delete draft.url;
      throw error;
    }
  };
}

/**
 * Asks for the URL, and looks for Looker there before the box closes. An error is shown under the box, with buttons
 * that help.
 * @returns the base URL; if a button has answered, the instance isn't checked yet
 */
async function typeInstance(
  place: StepContext,
  context: CommandContext,
  draft: Draft,
): Promise<string> {
  const { probing } = draft;
  let failure = takeFailure(draft) ?? (draft.url === probing.baseUrl ? probing.failure : undefined);
  return askText<string>({
    place,
    content: () => ({
      prompt: l10n.t('URL of your Looker instance'),
      note: lookingNote(probing) ?? keyNote(draft),
      isSecret: showsSecret(draft.url ?? ''),
      buttons: recoveryButtons(context, failure, (baseUrl) => baseUrl),
    }),
    onDidChange: probing.onDidChange,
    placeholder: 'https://acme.cloud.looker.com',
    value: draft.url,
    error: failure?.message,
    read: (typed) => {
      const instead = takeSecretAway(draft, typed);
      draft.url = instead ?? typed;
      failure = undefined;
      probing.stop();
      return instead;
    },
    accept: async (typed) => {
      failure = undefined;
      const baseUrl = parseBaseUrl(typed);
      useInstance(context, draft, baseUrl);
      const look = () => probing.result();
      try {
        await retryOnceTrusted(context, look, () => {
          probing.lookAt(baseUrl);
        });
      } catch (error) {
        if (isForTheUser(error)) failure = error;
        throw error;
      }
      return baseUrl;
    },
  });
}

/** The note under the box while an instance is checked. */
function lookingNote({ isLooking, baseUrl }: Probing): Content['note'] {
  if (!isLooking || baseUrl === undefined) return undefined;
  return { message: lookingMessage(baseUrl), severity: vscode.InputBoxValidationSeverity.Info };
}

/** Says under the box that Looker Auth has the pasted key, because the key is no longer in the box. */
function keyNote({ isPasted }: Draft): Content['note'] {
  if (!isPasted) return undefined;
  return {
    message: l10n.t(
      'Looker Auth will use your API key in the next step. Enter the URL of its instance.',
    ),
    severity: vscode.InputBoxValidationSeverity.Info,
  };
}

/**
 * The base URL on the clipboard, if it plausibly is Looker's. Nothing else on the clipboard is shown or kept. In a
 * browser, reading it would ask the user for permission, so it isn't read.
 */
export async function instanceOnClipboard(context: CommandContext): Promise<string | undefined> {
  if (vscode.env.uiKind === vscode.UIKind.Web) return undefined;
  try {
    return plausibleBaseUrl(await vscode.env.clipboard.readText(), usedAndNamed(context));
  } catch {
    return undefined;
  }
}

/** @returns a base URL, the typed text, or an empty text to ask for it */
async function pickInstance(
  place: StepContext,
  context: CommandContext,
  draft: Draft,
  onClipboard: string | undefined,
): Promise<string> {
  const forgotten = new Emitter<void>();
  try {
    return await pick({
      place,
      placeholder: l10n.t('Choose a Looker instance, or enter its URL'),
      onDidChange: forgotten.event,
      read: (typed) => seenInList(draft, typed),
      choices: (typed) => [
        ...knownInstances(context, async (baseUrl, names) => {
          if (!(await confirmForget(baseUrl, names))) return;
          context.accounts.forgetInstance(baseUrl);
          forgotten.fire();
        }),
        ...(onClipboard !== undefined ? [fromClipboard(onClipboard)] : []),
        typed === ''
          ? { label: l10n.t('$(add) Another instance…'), alwaysShow: true, answer: '' }
          : typedChoice(typed),
      ],
    });
  } finally {
    forgotten.dispose();
  }
}

function fromClipboard(baseUrl: string): Choice<string> {
  return {
    label: l10n.t('$(clippy) From the clipboard: {0}', baseUrl),
    answer: baseUrl,
  };
}

/** Asks for a confirmation in a dialog that names the instance and its users. */
async function confirmForget(baseUrl: string, names: string): Promise<boolean> {
  const forget = l10n.t('Forget');
  const answer = await askInDialog(
    l10n.t('Forget {0}?', hostOf(baseUrl)),
    l10n.t(
      'Looker Auth will no longer offer this instance, or remember who logged in there: {0}.',
      names,
    ),
    forget,
  );
  return answer === forget;
}

/** Known instances: those with a login, the last used first, with their users, and then those in the settings. */
function knownInstances(
  context: CommandContext,
  forget: (baseUrl: string, names: string) => Promise<void>,
): readonly Choice<string>[] {
  const { accounts, settings } = context;
  return usedAndNamed(context).map((baseUrl) => {
    const [label, url] = [settings.nameOf(baseUrl), baseUrl];
    const known = accounts.known.filter(({ account }) => account.baseUrl === baseUrl);
    const [last] = known;
    if (!last) return { label, description: url, answer: baseUrl };
    const names = namesOf(known.map(({ account }) => account));
    const button = {
      iconPath: new vscode.ThemeIcon('trash'),
      tooltip: l10n.t('Forget {0} and Its Users', settings.nameOf(baseUrl)),
      press: async () => {
        await forget(baseUrl, names);
        return undefined;
      },
    };
    return {
      key: baseUrl,
      label,
      description: `${names}, ${formatAge(Date.now() - last.lastUsedAt)}`,
      buttons: accounts.isInUse(baseUrl) ? [] : [button],
      answer: baseUrl,
    };
  });
}

/** The users who logged in, the latest first: a few names, and how many more there are. */
function namesOf(accounts: readonly Account[]): string {
  const owners = new Map(
    accounts.map((account) => [loginUser(account).id, loginUser(account).name]),
  );
  return listNames([...owners.values()]);
}

/** The typed text as a line to choose. A secret in it isn't repeated there. */
export function typedChoice(typed: string): Choice<string> {
  const shown = showsSecret(typed) ? '••••••' : inertText(typed);
  return { label: `$(add) ${shown}`, alwaysShow: true, answer: typed };
}

/** Instances with a login, now or earlier, the last used first, and then those in the settings. */
export function usedAndNamed({ accounts, settings }: CommandContext): readonly string[] {
  const used = [...accounts.known.map(({ account }) => account), ...accounts.list].map(
    ({ baseUrl }) => baseUrl,
  );
  return [...new Set([...used, ...settings.instancesBeside(used)])];
}
