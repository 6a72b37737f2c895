import { refusePlainHttp } from '../../looker/http';
import type { CommandContext } from './context';
import type { Probing } from './probing';

/** What has been answered so far; it survives every failure, so that only what is wrong is typed again. */
export interface Draft {
  /** As it was chosen or typed. */
  url?: string | undefined;
  /** Whether the instance was settled before, and there is no other to log in to. */
  readonly isSettled: boolean;
  /** Looks at the instance that was answered last. */
  readonly probing: Probing;
  clientId: string;
  clientSecret: string;
  /** Client id and secret were pasted together: the secret need not be asked for. */
  isPasted: boolean;
  /** The instance that was named beside them. */
  pastedBaseUrl?: string | undefined;
  keepsKey: boolean;
  /** What went wrong, until it has been shown. */
  failure?: Error | undefined;
}

/** Goes on with an instance, and begins to look for Looker there. @throws PlainHttpError */
export function goTo(context: CommandContext, draft: Draft, baseUrl: string): void {
  const settings = context.instances().find((instance) => instance.baseUrl === baseUrl);
  refusePlainHttp({ baseUrl, plainHttp: settings?.plainHttp ?? false });
  draft.url = baseUrl;
  draft.probing.lookAt(baseUrl);
}

/** What went wrong is shown once. */
export function takeFailure(draft: Draft): Error | undefined {
  const { failure } = draft;
  draft.failure = undefined;
  return failure;
}
