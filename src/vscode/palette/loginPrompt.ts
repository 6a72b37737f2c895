import type { LoginPrompt } from '../provider/loginRequests';
import type { RunCommand } from './registerCommands';

/** Prompts for a login that another extension has requested: as a user, or as someone an admin acts as. */
export function loginPrompt(run: RunCommand): LoginPrompt {
  return ({ baseUrl, sudoUserId: userId, account }, abandoned) =>
    run(({ login, loginAsUser }, context) => {
      if (userId === undefined) {
        return login(context, { baseUrl, abandoned, ...(account && { again: [account] }) });
      }
      const { accounts } = context;
      const adminId = account?.sudo?.adminAccountId ?? '';
      // Another admin would lead to another account, even if only this one has to log in.
      const admin = accounts.peek(adminId)?.account ?? accounts.remembered(adminId);
      return loginAsUser(context, { baseUrl, userId, admin, abandoned });
    });
}
