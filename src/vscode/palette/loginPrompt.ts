import type { LoginPrompt } from '../provider/loginRequests';
import type { RunCommand } from './registerCommands';

/** Prompts for a login that another extension has requested: as a user, or as someone an admin acts as. */
export function loginPrompt(run: RunCommand): LoginPrompt {
  return ({ baseUrl, sudoUserId: userId, account }, abandoned) =>
    run(({ login, loginAsUser }, context) => {
      if (userId === undefined) {
        return login(context, { baseUrl, abandoned, ...(account && { again: [account] }) });
      }
      const admin = context.accounts.peek(account?.sudo?.adminAccountId ?? '')?.account;
      return loginAsUser(context, { baseUrl, userId, admin, abandoned });
    });
}
