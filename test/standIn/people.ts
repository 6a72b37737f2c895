import { randomAlphanumerics } from './randomAlphanumerics';

/** What somebody may do. `embed` makes an embed user, the only kind of target Google Cloud core lets be sudoed. */
export type Role = 'admin' | 'developer' | 'viewer' | 'embed';

export interface ApiKey {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** One Looker user, or service account. A change makes a new object, so one in hand never changes. */
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

/** Somebody to add; what is left out gets a default. */
export interface NewPerson {
  readonly firstName: string;
  readonly lastName: string;
  /** The next free one when left out. */
  readonly id?: number;
  /** None when left out. */
  readonly email?: string | null;
  /** `['viewer']` when left out. */
  readonly roles?: readonly Role[];
  readonly isDisabled?: boolean;
  readonly isServiceAccount?: boolean;
  /** `true` makes a random key; none when left out. */
  readonly apiKey?: boolean | ApiKey;
}

export function isAdmin(person: Person): boolean {
  return person.roles.includes('admin');
}

/** Whether their roles have the permission `develop`, without which there is no Development Mode. */
export function isDeveloper(person: Person): boolean {
  return person.roles.some((role) => role === 'admin' || role === 'developer');
}

export function isEmbedUser(person: Person): boolean {
  return person.roles.includes('embed');
}

/** Everybody this instance knows, in order of arrival. */
export class People {
  private everybody: readonly Person[] = [];

  constructor(newcomers: readonly NewPerson[]) {
    for (const newcomer of newcomers) this.add(newcomer);
  }

  get all(): readonly Person[] {
    return this.everybody;
  }

  /** The first with this display name, first name or e-mail; throws when there is none. */
  named(name: string): Person {
    const person =
      this.everybody.find((person) => person.displayName === name) ??
      this.everybody.find((person) => person.firstName === name) ??
      this.everybody.find((person) => person.email === name);
    if (!person) throw new Error(`Nobody here is called ${name}.`);
    return person;
  }

  /** Takes an id as it comes over the wire. */
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
