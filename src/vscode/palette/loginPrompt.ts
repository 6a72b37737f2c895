import type { LoginPrompt } from '../provider/loginRequests';
import type { RunCommand } from './registerCommands';

/** Asks the user to log in for another extension: as a user of an instance, or as somebody an admin acts as. */
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
