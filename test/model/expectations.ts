type Kind = 'login' | 'logout';

/** A pending login or logout, with its accounts. */
export interface Operation {
  readonly kind: Kind;
  readonly ids: readonly string[];
  /** Accounts with the opposite operation pending at the same time. */
  readonly contested: Set<string>;
  /** Whether it may also affect this account. */
  readonly mayConcern: (id: string) => boolean;
}

/** How an operation ended: as requested; with nothing changed; or unknown, for example when the keyring fails. */
export type Outcome = 'done' | 'nothing' | 'unknown';

/** The model: which accounts must be logged in, and which must not be, after the user's actions. */
export class Expectations {
  private readonly settled = new Map<string, 'in' | 'out' | 'either'>();
  private readonly underWay = new Set<Operation>();

  begin(
    kind: Kind,
    ids: readonly string[],
    mayConcern: (id: string) => boolean = () => false,
  ): Operation {
    const operation: Operation = { kind, ids, contested: new Set(), mayConcern };
    for (const other of this.underWay) {
      if (other.kind === kind) continue;
      const concerned = (id: string) => other.ids.includes(id) || other.mayConcern(id);
      for (const id of ids.filter(concerned)) operation.contested.add(id);
      for (const id of other.ids) {
        if (ids.includes(id) || mayConcern(id)) other.contested.add(id);
      }
    }
    this.underWay.add(operation);
    return operation;
  }

  end(operation: Operation, outcome: Outcome): void {
    this.underWay.delete(operation);
    if (outcome === 'nothing') return;
    const { kind, ids, contested, mayConcern } = operation;
    this.doubt((id) => mayConcern(id) && !ids.includes(id));
    for (const id of ids) {
      const isKnown = outcome === 'done' && !contested.has(id);
      this.settled.set(id, isKnown ? (kind === 'login' ? 'in' : 'out') : 'either');
    }
  }

  /** From now on, the model can't know whether these accounts are logged in, whatever is pending for them. */
  doubt(which: (id: string) => boolean): void {
    for (const { ids, contested } of this.underWay) {
      for (const id of ids.filter(which)) contested.add(id);
    }
    for (const id of this.settled.keys()) if (which(id)) this.settled.set(id, 'either');
  }

  /** Whether an operation of that kind is pending for an account. */
  isUnderWay(kind: Kind, id: string): boolean {
    return [...this.underWay].some(
      (operation) =>
        operation.kind === kind && (operation.ids.includes(id) || operation.mayConcern(id)),
    );
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
