type Kind = 'login' | 'logout';

/** A log-in or log-out under way, with the accounts it is about. */
export interface Operation {
  readonly kind: Kind;
  readonly ids: readonly string[];
  /** Accounts for which the opposite was under way at the same time. */
  readonly contested: Set<string>;
}

/** How an operation ended: as asked; with nothing changed; or nobody can know, as when the keyring fails. */
export type Outcome = 'done' | 'nothing' | 'unknown';

/** The model: which accounts have to be logged in, and which must not be, after what the user has done. */
export class Expectations {
  private readonly settled = new Map<string, 'in' | 'out' | 'either'>();
  private readonly underWay = new Set<Operation>();

  begin(kind: Kind, ids: readonly string[]): Operation {
    const operation: Operation = { kind, ids, contested: new Set() };
    for (const other of this.underWay) {
      if (other.kind === kind) continue;
      for (const id of ids.filter((id) => other.ids.includes(id))) {
        operation.contested.add(id);
        other.contested.add(id);
      }
    }
    this.underWay.add(operation);
    return operation;
  }

  end(operation: Operation, outcome: Outcome): void {
    this.underWay.delete(operation);
    if (outcome === 'nothing') return;
    const { kind, ids, contested } = operation;
    for (const id of ids) {
      const isKnown = outcome === 'done' && !contested.has(id);
      this.settled.set(id, isKnown ? (kind === 'login' ? 'in' : 'out') : 'either');
    }
  }

  get loggedIn(): readonly string[] {
    return this.allThatAre('in');
  }

  get loggedOut(): readonly string[] {
    return this.allThatAre('out');
  }

  private allThatAre(state: 'in' | 'out'): readonly string[] {
    return [...this.settled].filter(([, is]) => is === state).map(([id]) => id);
  }
}
