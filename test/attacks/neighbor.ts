import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import path from 'node:path';
import type * as vscode from 'vscode';
import { ROOT } from '../support/buildExtension';

/** What the neighbor can use, like every extension. */
export interface Host {
  readonly vscode: typeof vscode;
  readonly process: NodeJS.Process;
  readonly require: NodeJS.Require;
}

/** Code that runs in the extension host. It sees only its arguments. They and its result must be JSON. */
export type Attack<Values extends unknown[], T> = (host: Host, ...values: Values) => T;

/** The folder it is installed from: absolute path. */
export const NEIGHBOR = path.join(ROOT, 'test', 'attacks', 'neighbor');

/** Its extension ID. */
export const NEIGHBOR_ID = 'looker-test.neighbor';

/** The result of an attack, or its error. */
interface Outcome {
  readonly value?: unknown;
  readonly error?: string;
}

/** Another extension in the same extension host. It runs the code that tests send it over HTTP. */
export class Neighbor {
  static async start(): Promise<Neighbor> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Neighbor(server);
  }

  private readonly attacks: string[] = [];
  private readonly outcomes = new Map<number, (outcome: Outcome) => void>();
  private waiting: ServerResponse | undefined;
  private count = 0;

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void this.answer(request, response);
    });
  }

  /** Added to the environment of the extension host. */
  get env(): NodeJS.ProcessEnv {
    const { port } = this.server.address() as AddressInfo;
    return { LOOKER_TEST_NEIGHBOR: `http://127.0.0.1:${port}` };
  }

  /** Runs an attack in the neighbor, and waits for its result. @throws Error if the attack throws, with its stack */
  async run<Values extends unknown[], T>(
    attack: Attack<Values, T>,
    ...values: Values
  ): Promise<Awaited<T>> {
    const id = ++this.count;
    const ended = new Promise<Outcome>((resolve) => this.outcomes.set(id, resolve));
    this.attacks.push(JSON.stringify({ id, attack: String(attack), values }));
    this.send();
    const { value, error } = await ended;
    if (error !== undefined) throw new Error(error);
    return value as Awaited<T>;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, id] = /^\/outcome\/(\d+)$/.exec(request.url ?? '') ?? [];
    if (id === undefined) {
      this.waiting = response;
      response.once('close', () => {
        if (this.waiting === response) this.waiting = undefined;
      });
      this.send();
      return;
    }
    this.outcomes.get(Number(id))?.(JSON.parse(await text(request)) as Outcome);
    response.end();
  }

  private send(): void {
    if (!this.waiting || this.attacks.length === 0) return;
    this.waiting.end(this.attacks.shift());
    this.waiting = undefined;
  }
}
