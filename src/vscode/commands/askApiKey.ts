import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { keyOwner, type Account } from '../../accounts/account';
import { readApiKeyText, type ApiKeyText } from '../../looker/apiKeyText';
import { parseBaseUrl } from '../../looker/baseUrl';
import { UntrustedCertificateError } from '../../looker/errors';
import { hostOf } from '../../looker/host';
import type { Found } from '../../looker/probe';
import { webUrlOf } from '../../looker/webUrl';
import { plainText } from '../plainText';
import { askText, InvalidAnswerError, required, type Dress } from '../prompts/askText';
import { pick } from '../prompts/pick';
import type { PromptButton } from '../prompts/showPrompt';
import { Back, type Place, type Step } from '../prompts/steps';
import type { CommandContext } from './context';
import { goTo, takeFailure, type Draft } from './loginDraft';
import { isWorthAnotherLook, sayInPassing, waysOut } from './loginFailure';

/**
 * Asks for the client id, and says what was found of the instance meanwhile. An id pasted with its secret is
 * understood: the secret leaves the box at once, and need not be asked for.
 * @param again accounts whose key is asked for again
 * @param isUnreadable whether that is because what was stored of them can no longer be read
 */
export function askClientId(
  context: CommandContext,
  draft: Draft,
  again: readonly Account[],
  isUnreadable: boolean,
): Step {
  const ask: Step = async (place) => {
    const { probing } = draft;
    draft.clientId = await askText({
      place,
      dress: () => {
        const {
          prompt,
          note,
          buttons = [],
        } = draft.isPasted ? keepingPastedKey(draft) : clientIdAlone(draft, again, isUnreadable);
        return {
          prompt,
          note: failureNote(draft) ?? note,
          buttons: [...failureButtons(context, draft), createApiKey(draft), ...buttons],
        };
      },
      onDidChange: probing.onDidChange,
      placeholder: l10n.t('Client id, or client id and secret pasted together'),
      value: draft.clientId,
      error: takeFailure(draft)?.message,
      read: (typed) => {
        const text = readApiKeyText(typed);
        if (text) return takePasted(draft, text).clientId;
        if (typed.trim() !== draft.clientId) draft.isPasted = false;
        draft.clientId = typed.trim();
        return undefined;
      },
      accept: async (typed) => {
        const looksAgain = await backWhereNothingAnswers(context, draft);
        // Enter was for the certificate.
        if (typed === '' && looksAgain) return undefined;
        if (typed === '')
          throw new InvalidAnswerError(l10n.t('Enter the client id of your API key.'));
        if (/\s/.test(typed)) {
          throw new InvalidAnswerError(
            l10n.t('This is not one API key. Paste a client id, or one client id with its secret.'),
          );
        }
        return typed;
      },
    });
    await askAgainAfterBack(ask, place, () => askWhichInstance(draft, place));
  };
  return ask;
}

/** Asks for the client secret, unless it came with the client id. Understands both here, too. */
export function askClientSecret(context: CommandContext, draft: Draft): Step {
  const ask: Step = async (place) => {
    if (draft.isPasted) {
      // Where Looker refuses them, both are asked for.
      draft.isPasted = false;
      return;
    }
    draft.clientSecret = await askText({
      place,
      dress: () => {
        const { prompt, buttons = [] } = draft.isPasted
          ? keepingPastedKey(draft)
          : keepingKey(draft);
        return {
          prompt,
          note: failureNote(draft),
          buttons: [...failureButtons(context, draft), ...buttons],
        };
      },
      onDidChange: draft.probing.onDidChange,
      value: draft.clientSecret,
      isSecret: true,
      read: (typed) => {
        const text = readApiKeyText(typed);
        if (text) return takePasted(draft, text).clientSecret;
        draft.clientSecret = typed.trim();
        return undefined;
      },
      accept: required(l10n.t('Enter the client secret of your API key.')),
    });
    draft.isPasted = false;
    await askAgainAfterBack(ask, place, () => askWhichInstance(draft, place));
  };
  return ask;
}

/** Keeps what was pasted. */
function takePasted(draft: Draft, { clientId, clientSecret, baseUrl }: ApiKeyText): Draft {
  draft.isPasted = clientId !== undefined && clientSecret !== undefined;
  draft.clientId = clientId ?? draft.clientId;
  draft.clientSecret = clientSecret ?? draft.clientSecret;
  draft.pastedBaseUrl = baseUrl;
  return draft;
}

/**
 * Where nothing answers, the URL is asked for again, and the client id is kept; at a settled instance something does,
 * or nobody would be asked. A certificate that is not trusted is shown first.
 * @throws Back
 */
async function backWhereNothingAnswers(context: CommandContext, draft: Draft): Promise<boolean> {
  const { failure } = draft.probing;
  if (
    failure instanceof UntrustedCertificateError &&
    (await isWorthAnotherLook(context, failure))
  ) {
    draft.probing.lookAt(failure.baseUrl);
    return true;
  }
  if (!failure) return false;
  draft.failure = failure;
  throw new Back();
}

/** An API key is for one instance, and no other should get to see it unless the user says so. @throws Back */
async function askWhichInstance(draft: Draft, place: Place): Promise<void> {
  const { baseUrl: current } = draft.probing;
  const pasted = tryBaseUrl(draft.pastedBaseUrl);
  if (current === undefined || pasted === undefined) return;
  // Another port of the same host is the same instance: files still name the one it had years ago.
  if (new URL(pasted).hostname === new URL(current).hostname) return;
  const chosen = await pick({
    place: { ...place, canGoBack: true },
    placeholder: l10n.t(
      'This API key was pasted as one of {0}, not of {1}',
      hostOf(pasted),
      hostOf(current),
    ),
    choices: [
      // Where another extension has named the instance, there is no other to log in to.
      ...(!draft.isSettled
        ? [{ label: l10n.t('Log in to {0}', plainText(hostOf(pasted))), answer: pasted }]
        : []),
      {
        label: l10n.t('Log in to {0} all the same', plainText(hostOf(current))),
        detail: l10n.t('The key is sent there'),
        answer: current,
      },
    ],
  });
  draft.pastedBaseUrl = undefined;
  if (chosen === current) return;
  // Whatever speaks against that one is said with its URL.
  draft.url = chosen;
  draft.probing.lookAt(chosen);
}

async function askAgainAfterBack(
  ask: Step,
  place: Place,
  next: () => Promise<void>,
): Promise<void> {
  try {
    await next();
  } catch (error) {
    if (!(error instanceof Back)) throw error;
    await ask(place);
  }
}

function tryBaseUrl(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : parseBaseUrl(text);
  } catch {
    return undefined;
  }
}

function clientIdAlone(
  { probing }: Draft,
  again: readonly Account[],
  isUnreadable: boolean,
): Dress {
  const owners = again
    .filter(({ baseUrl }) => baseUrl === probing.baseUrl)
    .map((account) => keyOwner(account).name);
  const on = probing.baseUrl ?? 'Looker';
  const names = [...new Set(owners)].join(', ');
  // A note takes the place of the prompt, which then says more.
  return owners.length > 0
    ? {
        prompt: isUnreadable
          ? l10n.t(
              'Client id of the API key of {0} on {1}: what was stored can no longer be read',
              names,
              on,
            )
          : l10n.t('Client id of the API key of {0} on {1}', names, on),
      }
    : {
        prompt: l10n.t('Client id of your API key on {0}', on),
        note: {
          message: probing.found
            ? foundMessage(probing.found)
            : l10n.t('Looking for Looker on {0}…', hostOf(on)),
          severity: vscode.InputBoxValidationSeverity.Info,
        },
      };
}

function foundMessage({ baseUrl, release, apiVersion, isLooker }: Found): string {
  const host = hostOf(baseUrl);
  if (!isLooker) {
    return l10n.t(
      '{0} answers, but does not say whether it is Looker. Going on with API {1}.',
      host,
      apiVersion,
    );
  }
  return release?.release === undefined
    ? l10n.t(
        'Looker on {0}, API {1}. No API key there yet? The button above opens the page that makes one.',
        host,
        apiVersion,
      )
    : l10n.t(
        'Looker {0} on {1}, API {2}. No API key there yet? The button above opens the page that makes one.',
        release.release,
        host,
        apiVersion,
      );
}

/** That nothing answers is said as soon as it is known, whatever is being typed by then. */
function failureNote({ probing: { failure } }: Draft): Dress['note'] {
  if (!failure) return undefined;
  return {
    message: sayInPassing(failure),
    severity: vscode.InputBoxValidationSeverity.Warning,
  };
}

function failureButtons(context: CommandContext, draft: Draft): readonly PromptButton[] {
  return waysOut<never>(context, draft.probing.failure, (baseUrl) => {
    goTo(context, draft, baseUrl);
    return undefined;
  });
}

/**
 * Opens the user's own account page. Looker shows "API Keys" there to admins, and to others whom an admin has
 * allowed it; `/admin/users/api3_key/<id>` needs the user's id, which nobody knows before log-in.
 * https://cloud.google.com/looker/docs/api-keys
 */
function createApiKey({ probing }: Draft): PromptButton {
  return {
    iconPath: new vscode.ThemeIcon('link-external'),
    tooltip: l10n.t(
      'Create an API Key in Looker, on Your Account Page. If It Has No API Keys, Ask a Looker Admin',
    ),
    press: async () => {
      const { baseUrl, found } = probing;
      if (baseUrl === undefined) return undefined;
      const web = webUrlOf(baseUrl, found?.release?.webUrl);
      await vscode.env.openExternal(vscode.Uri.parse(`${web}/account`));
      return undefined;
    },
  };
}

/** With the key, tokens are renewed; without, the user logs in again when the token has expired. */
function keepingKey(draft: Draft): Dress {
  return draft.keepsKey
    ? {
        prompt: l10n.t(
          'Client secret of your API key. It is kept in the secret storage of VS Code only.',
        ),
        buttons: [keepsKeyToggle(draft)],
      }
    : {
        prompt: l10n.t(
          'Client secret of your API key. It is not kept: you log in again in an hour or so.',
        ),
        buttons: [keepsKeyToggle(draft)],
      };
}

/** The same choice, where the secret is not asked for any more. */
function keepingPastedKey(draft: Draft): Dress {
  return {
    prompt: draft.keepsKey
      ? l10n.t(
          'Client id and secret are understood. They are kept in the secret storage of VS Code only.',
        )
      : l10n.t(
          'Client id and secret are understood. They are not kept: you log in again in an hour or so.',
        ),
    buttons: [keepsKeyToggle(draft)],
  };
}

function keepsKeyToggle(draft: Draft): PromptButton {
  return {
    iconPath: new vscode.ThemeIcon(draft.keepsKey ? 'lock' : 'watch'),
    tooltip: draft.keepsKey
      ? l10n.t('Do not keep the API key, only the token until it expires')
      : l10n.t('Keep the API key in the secret storage of VS Code'),
    press: () => {
      draft.keepsKey = !draft.keepsKey;
      return undefined;
    },
  };
}
