import * as l10n from '@vscode/l10n';
import type { StreamConnection, StreamedResponse } from '../looker/network/streams';
import type { Workspace } from '../looker/workspace';
import type { BrokerSession, Use } from './brokerSession';
import { BrokerSessions } from './brokerSessions';
import { credentialsIn, isSame, randomCredentials, tokenIn } from './terminalCredentials';
import type { Address } from './environment';
import { forwardRequest, forwardResponse, refusalFor } from './forward';
import { Listener, type IncomingMessage, type Limits, type ServerResponse } from './listener';
import type { Minting } from './minting';
import { NOT_FOR_PAGES } from './request/passedHeaders';
import { invalidToken, RequestRefusal, sharedWorkspace } from './requestRefusal';
import { rememberRefusals } from './rememberRefusals';
import { loggedRequest } from './requestLog';
import { judge, type Ruling } from './request/requestRules';
import { readShortBody } from './request/shortBody';

/** What a broker needs. */
export interface BrokerParts {
  /** The instance that requests are passed on to. */
  readonly instance: StreamConnection;
  readonly minting: Minting;
  readonly log: { info(message: string): void; warn(message: string): void };
  /** See {@link Address.apiVersion}. */
  readonly apiVersion: string;
  /** A clock in ms that never goes back. */
  readonly steady: () => number;
  readonly limits?: Limits;
}

/** Reused, because creating an error for each aborted request would cost more than the request itself. */
const GONE = new Error('The program is gone.');

/**
 * The body of a refused request is read to its end if it is no longer than this, so that the connection can be reused.
 */
const SHORT_BYTES = 64 * 1024;

/**
 * Serves Looker's API on a port of this machine, to one terminal and as one account. Programs log in with credentials
 * that work only here, and each such login gets its own session on the Looker server.
 */
export class Broker {
  readonly address: Address;
  /** The only `Host` header that requests may have. */
  private readonly host: string;
  private isClosed = false;

  private constructor(
    private readonly parts: BrokerParts,
    private readonly listener: Listener,
    private readonly sessions: BrokerSessions,
  ) {
    const accessToken = sessions.open().token;
    const { apiVersion } = parts;
    this.address = { ...randomCredentials(), accessToken, apiVersion, port: listener.port };
    this.host = `127.0.0.1:${listener.port}`;
  }

  /** Listens on a free port. No request is sent to Looker until the first one arrives here. */
  static async open(parts: BrokerParts): Promise<Broker> {
    const { log, limits, minting, steady } = parts;
    let hasWarned = false;
    const warnAboutHttps = () => {
      if (hasWarned) return;
      hasWarned = true;
      log.warn(
        `Terminal ${listener.port}: a program used HTTPS, but this address uses HTTP. looker-cli needs --ssl=false.`,
      );
    };
    const listener = await Listener.open(
      (request, response) => broker.handle(request, response),
      warnAboutHttps,
      limits,
    );
    const broker = new Broker(
      parts,
      listener,
      new BrokerSessions(rememberRefusals(minting, steady), steady),
    );
    return broker;
  }

  /** Frees the port, aborts pending requests, and revokes all minted tokens. Never fails. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([this.listener.close(), this.sessions.endAll()]);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { log, steady, instance } = this.parts;
    const start = steady();
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished || !request.complete) gone.abort(GONE);
    });
    try {
      await this.route(request, response, gone.signal);
    } catch (error) {
      if (response.headersSent || gone.signal.aborted) response.destroy();
      else refuse(request, response, refusalFor(instance.baseUrl, error));
    }
    const { method = '', url = '' } = request;
    const outcome = response.writableEnded ? response.statusCode : 'broken off';
    const ms = Math.round(steady() - start);
    log.info(`Terminal ${this.address.port}: ${loggedRequest(method, url)}: ${outcome}, ${ms} ms`);
  }

  /** Handles a request by its kind. @throws RequestRefusal, or the reason why there is no token for the account */
  private async route(
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    const { method = '', url: target = '', rawHeaders, headers } = request;
    const ruling = judge({ method, target, rawHeaders }, this.host);
    if (ruling.kind === 'versions') return this.passWithoutToken(response, ruling, signal);
    if (ruling.kind === 'login') return this.login(request, response, ruling, signal);
    const token = tokenIn(headers.authorization);
    const session = this.isClosed ? undefined : this.sessions.find(token);
    if (!session) throw invalidToken();
    this.listener.prove(request);
    if (ruling.kind === 'logout') {
      await this.sessions.end(token);
      response.writeHead(204).end();
      return;
    }
    if (ruling.kind === 'selectWorkspace') {
      return this.selectWorkspace(request, response, ruling, session, signal);
    }
    await this.passWithToken(request, response, ruling, session, signal);
  }

  private async login(
    request: IncomingMessage,
    response: ServerResponse,
    { target, hasBody }: Ruling,
    signal: AbortSignal,
  ): Promise<void> {
    const form = hasBody ? String(await readShortBody(request)) : '';
    const given = credentialsIn(target.query, form, request.headers.authorization);
    if (this.isClosed || !isSame(this.address, given)) {
      throw new RequestRefusal(
        401,
        l10n.t(
          "These aren't the client ID and client secret of this terminal. Check for options or a looker.ini file that set others.",
        ),
      );
    }
    this.listener.prove(request);
    const { token, session } = this.sessions.open();
    try {
      const use = await session.use();
      use.end();
      signal.throwIfAborted();
      sendJson(response, 200, {
        access_token: token,
        token_type: 'Bearer',
        expires_in: Math.max(1, Math.floor(use.timeLeft() / 1000)),
        refresh_token: null,
      });
    } catch (error) {
      await this.sessions.end(token);
      throw error;
    }
  }

  /** A workspace belongs to a token. Changing that of a shared token would affect others, so it is refused. */
  private async selectWorkspace(
    request: IncomingMessage,
    response: ServerResponse,
    ruling: Ruling,
    session: BrokerSession,
    signal: AbortSignal,
  ): Promise<void> {
    const body = ruling.hasBody ? await readShortBody(request) : undefined;
    const send = ({ isOwn, token }: Use) => {
      if (!isOwn) throw sharedWorkspace();
      return forwardRequest(this.parts.instance, { ruling, token, signal, body });
    };
    await this.sendAs(session, true, send, async (received, use) => {
      const workspace = workspaceIn(body);
      if (workspace && received.status < 300) use.selected(workspace);
      await this.passResponse(received, response, ruling);
    });
  }

  private async passWithToken(
    request: IncomingMessage,
    response: ServerResponse,
    ruling: Ruling,
    session: BrokerSession,
    signal: AbortSignal,
  ): Promise<void> {
    const body = ruling.hasBody ? request : undefined;
    const send = ({ token }: Use) =>
      forwardRequest(this.parts.instance, { ruling, token, signal, body });
    // A body that was streamed once can't be sent again.
    await this.sendAs(session, !body, send, async (received) => {
      await this.passResponse(received, response, ruling);
      // The instance responded before it had read the whole body, and won't read the rest.
      if (!request.complete) request.socket.destroySoon();
    });
  }

  /**
   * Sends a request with the session's token. If Looker rejects the token and the request can be repeated, sends it
   * once more with the next token.
   */
  private async sendAs(
    session: BrokerSession,
    isRepeatable: boolean,
    send: (use: Use) => Promise<StreamedResponse>,
    take: (received: StreamedResponse, use: Use) => Promise<void>,
  ): Promise<void> {
    for (let isAgain = false; ; isAgain = true) {
      const use = await session.use();
      try {
        const received = await send(use);
        const isReplaced = received.status === 401 && !isAgain && (await use.reject());
        if (isReplaced && isRepeatable) {
          received.body.destroy();
          continue;
        }
        await take(received, use);
        return;
      } finally {
        use.end();
      }
    }
  }

  private async passWithoutToken(
    response: ServerResponse,
    ruling: Ruling,
    signal: AbortSignal,
  ): Promise<void> {
    const request = { ruling, token: undefined, signal, body: undefined };
    await this.passResponse(await forwardRequest(this.parts.instance, request), response, ruling);
  }

  private passResponse(
    received: StreamedResponse,
    response: ServerResponse,
    { target }: Ruling,
  ): Promise<void> {
    const asked = this.parts.instance.baseUrl + target.text;
    return forwardResponse(received, response, asked, `http://${this.host}`);
  }
}

/** The workspace that `PATCH /session` selects, in a body that the instance has accepted. */
function workspaceIn(body: Buffer | undefined): Workspace | undefined {
  try {
    const { workspace_id: id } = JSON.parse(String(body)) as { workspace_id?: unknown };
    return id === 'dev' || id === 'production' ? id : undefined;
  } catch {
    return undefined;
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, refusal: RequestRefusal): void {
  const isShort = Number(request.headers['content-length'] ?? 0) <= SHORT_BYTES;
  const isRead = request.complete || (isShort && !('transfer-encoding' in request.headers));
  if (isRead) request.resume();
  else response.shouldKeepAlive = false;
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value);
  sendBody(response, refusal.status, refusal.body);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendBody(response, status, JSON.stringify(body));
}

function sendBody(response: ServerResponse, status: number, body: string): void {
  response
    .writeHead(status, {
      ...NOT_FOR_PAGES,
      'cache-control': 'no-store',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    })
    .end(body);
}
