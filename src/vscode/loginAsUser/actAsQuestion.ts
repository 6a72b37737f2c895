import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import { hostOf } from '../../looker/instance/host';
import { cutInTheMiddle } from '../text/cutInTheMiddle';
import type { DialogQuestion } from '../prompts/confirm';

/** The facts that the question is about. */
export interface ActAsState {
  readonly admin: Account;
  /** Without a name if Looker doesn't say who has the ID. */
  readonly user: { readonly id: string; readonly name?: string | undefined };
  /** Whether the instance still lets you choose whose activity it records. */
  readonly hasAssociative: boolean;
  /** Whether another extension requests it. */
  readonly isForExtension: boolean;
}

/** A button to agree with. */
export interface ActAsButton {
  readonly label: string;
  /** See {@link LookerApi.loginAs}. */
  readonly associative: boolean | undefined;
}

/** Longest name, in letters. */
const LONGEST_NAME = 60;

/** The question before an admin acts as a user. It names both and the host, and says what Looker records. */
export function actAsQuestion(
  state: ActAsState,
): DialogQuestion & { readonly buttons: readonly ActAsButton[] } {
  const { admin, user, hasAssociative, isForExtension } = state;
  const host = hostOf(admin.baseUrl);
  const name = user.name && cutInTheMiddle(user.name, LONGEST_NAME);
  const adminName = cutInTheMiddle(admin.user.name, LONGEST_NAME);
  return {
    question: name
      ? l10n.t('Act as {0} on {1}?', name, host)
      : l10n.t('Act as user {0} on {1}?', user.id, host),
    detail: [
      ...(isForExtension
        ? [
            l10n.t(
              'An extension is asking for this. It can then do in Looker whatever this user can.',
            ),
          ]
        : []),
      l10n.t("You stay logged in as {0}, too. This user's ID: {1}.", adminName, user.id),
      hasAssociative
        ? l10n.t(
            'Looker can record your activity under your name ({0}) or under theirs. Under theirs, they need a Looker license.',
            adminName,
          )
        : l10n.t('Looker knows that {0} is acting as this user.', adminName),
    ].join('\n\n'),
    buttons: hasAssociative
      ? [
          { label: l10n.t('Act and Record as Mine'), associative: true },
          { label: l10n.t('Act and Record as Theirs'), associative: false },
        ]
      : [{ label: l10n.t('Act as This User'), associative: undefined }],
  };
}
