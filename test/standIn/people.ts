import { randomAlphanumerics } from './randomAlphanumerics';

/** A user's role. `embed` makes an embed user, the only kind that sudo works for on Google Cloud core. */
export type Role = 'admin' | 'developer' | 'viewer' | 'embed';

export interface ApiKey {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** One Looker user or service account. Immutable: a change creates a new object. */
export interface Person {
  readonly id: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly roles: readonly Role[];
  readonly isDisabled: boolean;
  readonly isServiceAccount: boolean;
  readonly apiKey: ApiKey | undefined;
}

/** A user to add; omitted fields get defaults. */
export interface NewPerson {
  readonly firstName: string;
  readonly lastName: string;
  /** The next free one if omitted. */
  readonly id?: number;
  /** None if omitted. */
  readonly email?: string | null;
  /** `['viewer']` if omitted. */
  readonly roles?: readonly Role[];
  readonly isDisabled?: boolean;
  readonly isServiceAccount?: boolean;
  /** `true` creates a random key; none if omitted. */
  readonly apiKey?: boolean | ApiKey;
}

export function isAdmin(person: Person): boolean {
  return person.roles.includes('admin');
}

/** Whether their roles have the permission `develop`, which Development Mode requires. */
export function isDeveloper(person: Person): boolean {
  return person.roles.some((role) => role === 'admin' || role === 'developer');
}

export function isEmbedUser(person: Person): boolean {
  return person.roles.includes('embed');
}

/** All users of this instance, in order of arrival. */
export class People {
  private everybody: readonly Person[] = [];

  constructor(newcomers: readonly NewPerson[]) {
    for (const newcomer of newcomers) this.add(newcomer);
  }

  get all(): readonly Person[] {
    return this.everybody;
  }

  /** The first user with this display name, first name or e-mail; throws if there is none. */
  named(name: string): Person {
    const person =
      this.everybody.find((person) => person.displayName === name) ??
      this.everybody.find((person) => person.firstName === name) ??
      this.everybody.find((person) => person.email === name);
    if (!person) throw new Error(`Nobody here is called ${name}.`);
    return person;
  }

  /** Finds a user by an ID in the format of any API version. */
  withId(id: string): Person | undefined {
    return this.everybody.find((person) => String(person.id) === id);
  }

  withApiKey({ clientId, clientSecret }: ApiKey): Person | undefined {
    const holder = this.withClientId(clientId);
    return holder?.apiKey?.clientSecret === clientSecret ? holder : undefined;
  }

  withClientId(clientId: string): Person | undefined {
    return this.everybody.find((person) => person.apiKey?.clientId === clientId);
  }

  add({ apiKey, ...newcomer }: NewPerson): Person {
    const person: Person = {
      id: Math.max(0, ...this.everybody.map(({ id }) => id)) + 1,
      displayName: `${newcomer.firstName} ${newcomer.lastName}`,
      email: null,
      roles: ['viewer'],
      isDisabled: false,
      isServiceAccount: false,
      ...newcomer,
      apiKey: typeof apiKey === 'object' ? apiKey : apiKey ? randomApiKey() : undefined,
    };
    if (this.withId(String(person.id))) throw new Error(`Id ${person.id} is taken.`);
    this.everybody = [...this.everybody, person];
    return person;
  }

  change(person: Person, change: Partial<Omit<Person, 'id'>>): void {
    this.everybody = this.everybody.map((other) =>
      other.id === person.id ? { ...other, ...change } : other,
    );
  }

  remove(person: Person): void {
    this.everybody = this.everybody.filter((other) => other.id !== person.id);
  }
}

function randomApiKey(): ApiKey {
  return { clientId: randomAlphanumerics(20), clientSecret: randomAlphanumerics(24) };
}
