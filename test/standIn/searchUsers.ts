import type { ApiVersion } from './apiVersion';
import { isEmbedUser, type Person } from './people';
import { parseBoolean, parseInteger, type Query } from './query';
import { mayReadDetails } from './writeUser';

type Value = string | number | boolean | null;
type Test = (value: Value) => boolean;

/** A field that users can be searched and sorted by. */
interface Column {
  /** The first API version with this field. */
  readonly since: ApiVersion;
  /** Matches no user whose details the viewer may not read. */
  readonly isDetail?: boolean;
  readonly of: (person: Person) => Value;
  readonly parse: (name: string, wanted: string, version: ApiVersion) => Test;
}

const COLUMNS: Readonly<Record<string, Column>> = {
  id: { since: '3.0', of: (person) => person.id, parse: parseIds },
  first_name: { since: '3.0', of: (person) => person.firstName, parse: parsePattern },
  last_name: { since: '3.0', of: (person) => person.lastName, parse: parsePattern },
  full_name: { since: '4.0', of: (person) => person.displayName, parse: parsePattern },
  email: { since: '3.0', isDetail: true, of: (person) => person.email, parse: parsePattern },
  is_disabled: {
    since: '3.0',
    isDetail: true,
    of: (person) => person.isDisabled,
    parse: parseFlag,
  },
  embed_user: { since: '3.1', of: isEmbedUser, parse: parseFlag },
  is_service_account: {
    since: '4.0',
    isDetail: true,
    of: (person) => person.isServiceAccount,
    parse: parseFlag,
  },
};

/** The users that a `GET /users/search` finds for this viewer: sorted, and only the requested page. */
export function searchUsers(
  people: readonly Person[],
  query: Query,
  viewer: Person,
  version: ApiVersion,
): readonly Person[] {
  const accepts = parseCriteria(query, viewer, version);
  const found = people.filter(accepts).sort(parseSorts(query['sorts'], viewer));
  const { offset, limit } = parsePage(query, version);
  return found.slice(offset, offset + limit);
}

/** Ignores parameters that are unknown, empty or newer than the API version. */
function parseCriteria(query: Query, viewer: Person, version: ApiVersion) {
  const criteria = Object.entries(COLUMNS).flatMap(([name, column]) => {
    const wanted = query[name];
    if (!wanted || column.since > version) return [];
    const accepts = column.parse(name, wanted, version);
    return [(person: Person) => mayRead(viewer, column, person) && accepts(column.of(person))];
  });
  const any = query['filter_or'] ? parseBoolean('filter_or', query['filter_or']) : false;
  return (person: Person) =>
    any && criteria.length > 0
      ? criteria.some((accepts) => accepts(person))
      : criteria.every((accepts) => accepts(person));
}

function mayRead(viewer: Person, column: Column, person: Person): boolean {
  return !column.isDetail || mayReadDetails(viewer, person);
}

/** One ID or several separated by commas; 3.x accepts only integers. */
function parseIds(name: string, wanted: string, version: ApiVersion): Test {
  const ids = wanted.split(',').map((id) => id.trim());
  if (version !== '4.0') for (const id of ids) parseInteger(name, id);
  return (value) => ids.includes(String(value));
}

function parseFlag(name: string, wanted: string): Test {
  const flag = parseBoolean(name, wanted);
  return (value) => value === flag;
}

/** A whole string with `%` for any text and `_` for any one character, in any case; or IS NULL, NOT NULL. */
function parsePattern(_name: string, wanted: string): Test {
  if (wanted === 'IS NULL') return (value) => value === null;
  if (wanted === 'NOT NULL') return (value) => value !== null;
  const source = wanted
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  const pattern = new RegExp(`^${source}$`, 'is');
  return (value) => value !== null && pattern.test(String(value));
}

/** `last_name,id desc`: in that order, ascending unless it says `desc`; by ID if empty. */
function parseSorts(sorts = 'id', viewer: Person) {
  const keys = sorts.split(',').flatMap((sort) => {
    const [name = '', direction] = sort.trim().split(/\s+/);
    const column = COLUMNS[name];
    return column ? [{ column, sign: direction?.toLowerCase() === 'desc' ? -1 : 1 }] : [];
  });
  const read = (column: Column, person: Person) =>
    mayRead(viewer, column, person) ? column.of(person) : null;
  return (one: Person, other: Person): number => {
    for (const { column, sign } of keys) {
      const order = compare(read(column, one), read(column, other));
      if (order) return sign * order;
    }
    return 0;
  };
}

function compare(one: Value, other: Value): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return typeof one === 'string' && typeof other === 'string'
    ? one.localeCompare(other)
    : Number(one) - Number(other);
}

/** `limit` and `offset` were added in 4.0 and override `page` and `per_page`. All users if none is given. */
function parsePage(query: Query, version: ApiVersion): { offset: number; limit: number } {
  const read = (name: string) => (query[name] ? parseInteger(name, query[name]) : undefined);
  const limit = version === '4.0' ? read('limit') : undefined;
  const offset = version === '4.0' ? read('offset') : undefined;
  if (limit !== undefined || offset !== undefined) {
    return { offset: offset ?? 0, limit: limit ?? Infinity };
  }
  const perPage = read('per_page') ?? Infinity;
  const page = read('page') ?? 1;
  return { offset: page > 1 ? (page - 1) * perPage : 0, limit: perPage };
}
