import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { loginUser, type Account } from '../../accounts/account';
import { clientIdBox, mayHoldSecret } from '../../looker/apiKeys/clientIdBox';
import { looksLikeClientSecret } from '../../looker/apiKeys/keyShape';
import {
  readApiKeyText,
  readClientId,
  readClientSecret,
  type KeyHalf,
} from '../../looker/apiKeys/pastedApiKey';
import { InvalidAnswerError } from '../../looker/errors/input';
import { hostOf } from '../../looker/instance/host';
import type { ProbeResult } from '../../looker/api/probe';
import { webUrlOf } from '../../looker/instance/webUrl';
import { askText, type Content } from '../prompts/askText';
import type { PromptButton } from '../prompts/showPrompt';
import { Back, type StepContext, type Step } from '../prompts/steps';
import { listNames } from '../text/listNames';
import { askWhichInstance } from './askWhichInstance';
import { keyTitle, takeFailure, type Draft } from './loginDraft';
import { takeHosts, takePasted } from './takePasted';
import { lookingMessage } from './findLooker';

/**
 * Asks for the client ID, and shows what was found at the instance. If the ID was pasted with its secret, the secret is
 * removed from the box at once, and isn't asked for. Text that may contain a secret is hidden; text that looks like one
 * needs a second Enter.
 * @param again accounts to log in again
 */
export function askClientId(draft: Draft, again: readonly Account[]): Step {
  const ask: Step = async (place) => {
    let isSecret = mayHoldSecret(draft.clientId);
    let doubted: string | undefined;
    draft.clientId = await askText({
      place,
      content: () => {
        const {
          prompt,
          note,
          buttons = [],
        } = draft.isPasted ? keepingPastedKey(draft) : clientIdAlone(draft, again);
        return {
          title: keyTitle(draft),
          prompt,
          note,
          isSecret,
          buttons: [createApiKey(draft), ...buttons],
        };
      },
      onDidChange: draft.probing.onDidChange,
      placeholder: l10n.t('Client ID, or client ID and client secret together'),
      value: draft.clientId,
      error: takeFailure(draft)?.message,
      read: (typed) => {
        const box = clientIdBox(typed, draft.clientId, isSecret);
        isSecret = box.isHidden;
        if (box.key) {
          takePasted(draft, box.key, typed);
          return box.text;
        }
        const clientId = isSecret ? '' : typed.trim();
        if (clientId !== draft.clientId) draft.isPasted = false;
        draft.clientId = clientId;
        return undefined;
      },
      accept: (typed) => {
        const clientId = halfOf(readClientId(typed));
        takeHosts(draft, typed);
        if (looksLikeClientSecret(clientId) && !draft.isPasted && doubted !== clientId) {
          doubted = clientId;
          throw new InvalidAnswerError(
            l10n.t(
              'This looks like a client secret. Enter the client ID (20 characters) first, or press Enter again if this is the client ID.',
            ),
          );
        }
        return clientId;
      },
    });
    await askAgainAfterBack(ask, place, () => askWhichInstance(draft, place));
  };
  return ask;
}

/** Asks for the client secret, unless it was pasted with the client ID. Both can be pasted here, too. */
export function askClientSecret(draft: Draft): Step {
  const ask: Step = async (place) => {
    if (draft.isPasted) {
      // If Looker refuses the key, both are asked for.
      draft.isPasted = false;
      return;
    }
    draft.clientSecret = await askText({
      place,
      content: () => ({
        title: keyTitle(draft),
        ...(draft.isPasted ? keepingPastedKey(draft) : keepingKey(draft)),
      }),
      value: draft.clientSecret,
      isSecret: true,
      read: (typed) => {
        const text = readApiKeyText(typed);
        if (text) return takePasted(draft, text, typed).clientSecret;
        draft.clientSecret = typed.trim();
        return undefined;
      },
      accept: (typed) => {
        const clientSecret = halfOf(readClientSecret(typed));
        takeHosts(draft, typed);
        return clientSecret;
      },
    });
    draft.isPasted = false;
    await askAgainAfterBack(ask, place, () => askWhichInstance(draft, place));
  };
  return ask;
}

/** @throws InvalidAnswerError with the reason */
function halfOf(half: KeyHalf): string {
  if ('problem' in half) throw new InvalidAnswerError(half.problem);
  return half.value;
}

async function askAgainAfterBack(
  ask: Step,
  place: StepContext,
  next: () => Promise<void>,
): Promise<void> {
  try {
    await next();
  } catch (error) {
    if (!(error instanceof Back)) throw error;
    await ask(place);
  }
}

/** The prompt for the client ID. Text from servers comes after the host. */
function clientIdAlone({ probing }: Draft, again: readonly Account[]): Content {
  const owners = again
    .filter(({ baseUrl }) => baseUrl === probing.baseUrl)
    .map((account) => loginUser(account).name);
  const on = probing.baseUrl ?? 'Looker';
  // The note is shown instead of the prompt.
  return owners.length > 0
    ? {
        prompt: l10n.t("{0}: client ID of {1}'s API key", on, listNames([...new Set(owners)])),
      }
    : {
        prompt: l10n.t('Client ID of your API key on {0}', on),
        note: {
          message: probing.found ? foundMessage(probing.found) : lookingMessage(on),
          severity: vscode.InputBoxValidationSeverity.Info,
        },
      };
}

function foundMessage({ baseUrl, release, apiVersion, isLooker }: ProbeResult): string {
  const host = hostOf(baseUrl);
  if (!isLooker) {
    return l10n.t(
      '{0} responds, but may not be Looker. Looker Auth continues with API version {1}.',
      host,
      apiVersion,
    );
  }
  return release?.release === undefined
    ? l10n.t(
        '{0}: Looker, API {1}. To create an API key, use the button above, or ask your Looker admin.',
        host,
        apiVersion,
      )
    : l10n.t(
        '{0}: Looker {1}, API {2}. To create an API key, use the button above, or ask your Looker admin.',
        host,
        release.release,
        apiVersion,
      );
}

/**
 * Opens the user's account page. Looker shows "API Keys" there to admins, and to users whom an admin has allowed to
 * create them. `/admin/users/api3_key/<id>` needs the user's ID, which isn't known before the login.
 * https://cloud.google.com/looker/docs/api-keys
 */
function createApiKey({ probing }: Draft): PromptButton {
  return {
    iconPath: new vscode.ThemeIcon('link-external'),
    tooltip: l10n.t('Create an API Key on Your Looker Account Page'),
    press: async () => {
      const { baseUrl, found } = probing;
      if (baseUrl === undefined) return undefined;
      const web = webUrlOf(baseUrl, found?.release?.webUrl);
      await vscode.env.openExternal(vscode.Uri.parse(`${web}/account`));
      return undefined;
    },
  };
}

/**
 * Whether the key is saved: with it, tokens are renewed; without it, the user logs in again once the token has expired.
 */
function keepingKey(draft: Draft): Content {
  return draft.keepsKey
    ? {
        prompt: l10n.t(
          "Client secret of your API key. Looker Auth saves it in VS Code's secret storage only.",
        ),
        buttons: [keepsKeyToggle(draft)],
      }
    : {
        prompt: l10n.t(
          "Client secret of your API key. It won't be saved; you'll log in again in about an hour.",
        ),
        buttons: [keepsKeyToggle(draft)],
      };
}

/** The same choice, if the secret was pasted with the client ID. */
function keepingPastedKey(draft: Draft): Content {
  return {
    prompt: draft.keepsKey
      ? l10n.t(
          "Client ID and client secret recognized. Looker Auth saves them in VS Code's secret storage only.",
        )
      : l10n.t(
          "Client ID and client secret recognized. They won't be saved; you'll log in again in about an hour.",
        ),
    buttons: [keepsKeyToggle(draft)],
  };
}

function keepsKeyToggle(draft: Draft): PromptButton {
  return {
    iconPath: new vscode.ThemeIcon(draft.keepsKey ? 'lock' : 'watch'),
    tooltip: draft.keepsKey
      ? l10n.t("Don't Save the API Key, Only the Token Until It Expires")
      : l10n.t("Save the API Key in VS Code's Secret Storage"),
    press: () => {
      draft.keepsKey = !draft.keepsKey;
      return undefined;
    },
  };
}
