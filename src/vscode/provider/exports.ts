import * as vscode from 'vscode';
import type { LookerAuthApi, LookerAuthExports } from '../../../packages/looker-auth-api/index';
import type { Accounts } from '../../accounts/accounts';
import type { Log } from '../../base/log';
import { ExpectedError } from '../../looker/errors/expectedError';
import { ExportedApi } from './exportedApi';
import type { IssuedSessions } from './issuedSessions';

/** The requested version of the API doesn't exist, at least not yet. */
class UnknownApiVersionError extends ExpectedError {
  override readonly name = 'UnknownApiVersionError';
  override readonly category = 'input';
  override readonly verdict = this.message;
  constructor(version: unknown) {
    super(`Looker Auth supports version 1 of its API, not ${String(version)}. Update Looker Auth.`);
  }
}

/** The exports of the extension, for other extensions. */
export function exportsFor(
  opening: Promise<Accounts>,
  issued: IssuedSessions,
  log: Log,
): LookerAuthExports {
  const api = new ExportedApi(issued, log);
  void opening.then((accounts) => {
    api.use(accounts);
  });
  const version1 = Object.freeze<LookerAuthApi>({
    version: 1,
    details: (session) => api.details(session),
    reportRejected: (session) => api.reportRejected(session),
    onDidChangeSession: (session, listener) =>
      vscode.Disposable.from(api.onDidChangeSession(session, listener)),
  });
  return Object.freeze({
    getApi: (version: unknown) => {
      if (version !== 1) throw new UnknownApiVersionError(version);
      return version1;
    },
  });
}
