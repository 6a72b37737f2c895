import type { NewPerson } from './people';

/** The default users of the stand-in Looker: one of every kind, and two with the same name. */
export const CAST: readonly NewPerson[] = [
  {
    id: 1,
    firstName: 'Ada',
    lastName: 'Lovelace',
    email: 'ada@example.com',
    roles: ['admin'],
    apiKey: true,
  },
  {
    id: 2,
    firstName: 'Grace',
    lastName: 'Hopper',
    email: 'grace@example.com',
    roles: ['developer'],
    apiKey: true,
  },
  {
    id: 3,
    firstName: 'Alan',
    lastName: 'Turing',
    email: 'alan@example.com',
    roles: ['developer'],
  },
  {
    id: 4,
    firstName: 'Katherine',
    lastName: 'Johnson',
    email: 'katherine@example.com',
    roles: ['viewer'],
  },
  {
    id: 5,
    firstName: 'Edsger',
    lastName: 'Dijkstra',
    email: 'edsger@example.com',
    roles: ['viewer'],
    isDisabled: true,
  },
  {
    id: 6,
    firstName: 'Nightly',
    lastName: 'Export',
    roles: ['admin'],
    isServiceAccount: true,
    apiKey: true,
  },
  { id: 7, firstName: 'Emmy', lastName: 'Noether', roles: ['embed'] },
  {
    id: 8,
    firstName: 'Grace',
    lastName: 'Hopper',
    email: 'grace.b.hopper@example.com',
    roles: ['viewer'],
  },
];
