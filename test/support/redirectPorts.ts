import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** On loopback, free unless another test has its turn. */
const TURN_PORT = 17_652;

/** Longer than a test keeps its turn. */
const LONGEST_MS = 300_000;

/**
 * A turn at the ports where the extension waits for the browser. A machine has them only once, so tests that count on
 * them being free run one after the other, even in different processes.
 */
export class RedirectPorts {
  /** Resolves once no other test has its turn. @throws Error after five minutes */
  static async start(): Promise<RedirectPorts> {
    const end = Date.now() + LONGEST_MS;
    while (Date.now() < end) {
      const server = createServer().listen({ port: TURN_PORT, host: '127.0.0.1', exclusive: true });
      try {
        await once(server, 'listening');
        return new RedirectPorts(server);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        await wait(100);
      }
    }
    throw new Error(`Port ${TURN_PORT} is in use, so the tests of browser logins can't start.`);
  }

  private constructor(private readonly server: Server) {}

  /** Lets the next test have its turn. */
  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    await closed;
  }
}
