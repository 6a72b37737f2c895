import { randomUUID } from 'node:crypto';
import {
  RenewalTurns,
  type RenewalTurnsOptions,
} from '../../src/accounts/browserLogin/renewalTurns';
import type { Turn, TurnLog } from '../../src/accounts/browserLogin/turn';

/** The turns of windows that renew browser logins, in memory. Pass one to several windows. */
export class MemoryTurns implements TurnLog {
  readonly turns = new Map<string, Turn[]>();
  private readonly running = new Set<string>();

  /** The turns for one more window. */
  openWindow(options: Partial<RenewalTurnsOptions> = {}): RenewalTurns {
    const run = randomUUID();
    this.running.add(run);
    return new RenewalTurns({
      turns: this,
      owner: { host: 'here', pid: 1, run },
      isAlive: ({ run }) => this.running.has(run),
      uptime: () => performance.now(),
      pause: () => new Promise(setImmediate),
      timeoutMs: () => 1000,
      log: { info: () => undefined, warn: () => undefined },
      ...options,
    });
  }

  /** All windows so far are gone, whatever they were doing. */
  crash(): void {
    this.running.clear();
  }

  last(login: string): Promise<Turn | undefined> {
    return Promise.resolve(this.turns.get(login)?.at(-1));
  }

  begin(login: string, turn: Turn): Promise<boolean> {
    const turns = this.turns.get(login) ?? [];
    this.turns.set(login, turns);
    const isFree = turn.number > (turns.at(-1)?.number ?? 0);
    if (isFree) turns.push(turn);
    return Promise.resolve(isFree);
  }

  note(login: string, turn: Turn): Promise<void> {
    const turns = this.turns.get(login) ?? [];
    this.turns.set(
      login,
      turns.map((other) => (other.number === turn.number ? turn : other)),
    );
    return Promise.resolve();
  }

  forget(login: string): Promise<void> {
    this.turns.delete(login);
    return Promise.resolve();
  }
}
