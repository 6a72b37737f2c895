import { openInstance } from '../commands/openInstance';
import type { CommandContext } from '../context';
import { checkConnection } from '../diagnostics/checkConnection';
import { login } from '../login/login';
import { logoutOf } from '../logout/logout';
import type { CommandStep } from '../messages/messages';
import { reviewExceptions } from '../trust/reviewExceptions';
import { trustCertificate } from '../trust/trustCertificate';

/** Does what the user has chosen in a message. */
export function takeStep(context: CommandContext, step: CommandStep): Promise<unknown> {
  switch (step.do) {
    case 'login':
    case 'loginAgain':
      return login(context, step);
    case 'openInstance':
      return openInstance(context, step.baseUrl);
    case 'checkConnection':
      return checkConnection(context, step.baseUrl);
    case 'showCertificate':
      return trustCertificate(context, step.baseUrl);
    case 'reviewExceptions':
      return reviewExceptions(context, step.baseUrl);
    case 'stopActing':
      return logoutOf(context.accounts, [step.account.id]);
  }
}
