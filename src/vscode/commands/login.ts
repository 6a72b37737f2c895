import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { keyOwner, type Account } from '../../accounts/account';
import type { LoginTarget } from '../../accounts/accounts';
import { parseBaseUrl } from '../../looker/baseUrl';
import { ApiKeyRefusedError, hostOf, LookerError } from '../../looker/errors';
import { spokenAge } from '../duration';
import { askText, isForTheUser, required, type Dress } from '../prompts/askText';
import { pick, type Choice } from '../prompts/pick';
import { withProgress } from '../prompts/progress';
import type { PromptButton } from '../prompts/showPrompt';
import { askInSteps, Back, type Place, type Step } from '../prompts/steps';
import type { CommandContext } from './context';

/** What the caller knows already. */
export interface LoginPreset {
  /** The instance, where it is settled and not to be asked for. */
  readonly baseUrl?: string | undefined;
  /** Accounts whose key is asked for again, because what was stored of them can no longer be read. */
  readonly again?: readonly Account[];
  /** Set where another extension asks: aborted once it need not wait for an answer any more. */
  readonly needless?: AbortSignal;
}

/** What has been answered so far; it survives a refusal, so that only what is wrong is typed again. */
interface Draft {
  url?: string | undefined;
  target?: LoginTarget;
  clientId?: string;
  clientSecret?: string;
  keepsKey: boolean;
  failure?: Error;
}

/**
 * Instance, client id, client secret, then the log-in itself. What Looker says against it comes back
 * into the prompt it concerns.
 * @throws CancelledError on Esc at any prompt, or Cancel while logging in; LookerError where nothing answers
 *   at a settled instance
 */
export async function login(
  context: CommandContext,
  { baseUrl, again = [], needless }: LoginPreset = {},
): Promise<Account> {
  const draft: Draft = { keepsKey: true };
  if (baseUrl !== undefined) draft.target = await findLooker(context, baseUrl);
  const askKey = [askClientId(draft, again), askClientSecret(draft)];
  const steps = draft.target ? askKey : [askInstance(context, draft), ...askKey];
  for (let from = 0; ;) {
    const title = needless ? 'Log In to Looker for Another Extension' : 'Log In to Looker';
    await askInSteps(title, steps, { from, needless });
    const { target, clientId, clientSecret } = draft;
    if (!target || !clientId || !clientSecret) throw new Error('A step was left out.');
    try {
      return await withProgress(`Logging in to ${hostOf(target.baseUrl)}…`, (signal) =>
        context.accounts.login(target, { clientId, clientSecret }, signal, draft),
      );
    } catch (error) {
      if (!(error instanceof LookerError)) throw error;
      draft.failure = error;
      from = error instanceof ApiKeyRefusedError ? steps.length - askKey.length : 0;
    }
  }
}

/** A known instance or a new URL. Whether anything answers there is found out before going on. */
function askInstance(context: CommandContext, draft: Draft): Step {
  return async (place) => {
    const known = knownInstances(context);
    if (draft.url === undefined && known.length > 0) draft.url = await pickInstance(place, known);
    const { url } = draft;
    if (url && !draft.target) {
      try {
        draft.target = await findLooker(context, url);
        return;
      } catch (error) {
        if (!isForTheUser(error)) throw error;
        draft.failure = error;
      }
    }
    try {
      draft.target = await askText({
        place: { ...place, canGoBack: known.length > 0 },
        dress: () => ({ prompt: 'URL of your Looker instance' }),
        placeholder: 'https://acme.cloud.looker.com',
        value: draft.target?.baseUrl ?? url,
        error: takeFailure(draft),
        accept: (typed, signal) => targetOf(context, typed, signal),
      });
    } catch (error) {
      if (error instanceof Back) {
        delete draft.url;
        delete draft.target;
      }
      throw error;
    }
  };
}

/** @throws InvalidInstanceError; LookerError where nothing answers; CancelledError */
function findLooker(context: CommandContext, url: string): Promise<LoginTarget> {
  return withProgress('Looking for Looker…', (signal) => targetOf(context, url, signal));
}

async function targetOf(
  context: CommandContext,
  url: string,
  signal: AbortSignal,
): Promise<LoginTarget> {
  const baseUrl = parseBaseUrl(url);
  return { baseUrl, apiVersion: await context.apiVersionOf(baseUrl, signal) };
}

/** The instances somebody has been logged in to, the last used first and with whom, then the other ones. */
function knownInstances(context: CommandContext): readonly Choice<string>[] {
  const { accounts, instances, nameOf } = context;
  const { known } = accounts;
  const used = [...known, ...accounts.all()].map(({ account }) => account.baseUrl);
  const named = instances().map(({ baseUrl }) => baseUrl);
  return [...new Set([...used, ...named])].map((baseUrl) => {
    const last = known.find(({ account }) => account.baseUrl === baseUrl);
    const description = last
      ? `${keyOwner(last.account).name}, ${spokenAge(Date.now() - last.lastUsedAt)}`
      : baseUrl;
    return { label: nameOf(baseUrl), description, answer: baseUrl };
  });
}

/** @returns a base URL, what was typed, or '' to be asked for it */
function pickInstance(place: Place, known: readonly Choice<string>[]): Promise<string> {
  const choices = [...known, { label: '$(add) Another instance…', alwaysShow: true, answer: '' }];
  return pick({
    place,
    placeholder: 'Looker instance: choose one, or type its URL',
    choices: (typed) => (typed === '' ? choices : [...choices.slice(0, -1), useTyped(typed)]),
  });
}

function useTyped(typed: string): Choice<string> {
  return { label: `$(add) ${typed}`, alwaysShow: true, answer: typed };
}

function askClientId(draft: Draft, again: readonly Account[]): Step {
  return async (place) => {
    draft.clientId = await askText({
      place,
      dress: () => ({ prompt: `Client id of ${whichKey(draft.target, again)}` }),
      placeholder: 'In Looker: Admin > Users > your user > API Keys',
      value: draft.clientId,
      error: takeFailure(draft),
      accept: required('Enter the client id of your API key.'),
    });
  };
}

/** Whose key is asked for, where that is known, and why it is asked for again. */
function whichKey(target: LoginTarget | undefined, again: readonly Account[]): string {
  const owners = again
    .filter(({ baseUrl }) => baseUrl === target?.baseUrl)
    .map((account) => keyOwner(account).name);
  const on = target?.baseUrl ?? 'Looker';
  return owners.length > 0
    ? `the API key of ${[...new Set(owners)].join(' or ')} on ${on}: what was stored can no longer be read`
    : `your API key on ${on}`;
}

function askClientSecret(draft: Draft): Step {
  return async (place) => {
    draft.clientSecret = await askText({
      place,
      dress: () => keepingKey(draft),
      value: draft.clientSecret,
      isSecret: true,
      accept: required('Enter the client secret of your API key.'),
    });
  };
}

/** With the key, tokens are renewed; without, the user logs in again when the token has expired. */
function keepingKey(draft: Draft): Dress {
  const toggle = (icon: string, tooltip: string): PromptButton => ({
    iconPath: new vscode.ThemeIcon(icon),
    tooltip,
    press: () => {
      draft.keepsKey = !draft.keepsKey;
      return undefined;
    },
  });
  return draft.keepsKey
    ? {
        prompt: t(
          'Client secret of your API key. It is kept in the secret storage of VS Code only.',
        ),
        buttons: [toggle('lock', t('Do not keep the API key, only the token until it expires'))],
      }
    : {
        prompt: t(
          'Client secret of your API key. It is not kept: you log in again in an hour or so.',
        ),
        buttons: [toggle('watch', t('Keep the API key in the secret storage of VS Code'))],
      };
}

/** What went wrong is shown once. */
function takeFailure(draft: Draft): string | undefined {
  const message = draft.failure?.message;
  delete draft.failure;
  return message;
}
