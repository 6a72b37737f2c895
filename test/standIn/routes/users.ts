import { callerOf } from '../authentication';
import { selectFields } from '../fields';
import { parseInteger, queryOf } from '../query';
import { notFound } from '../refusal';
import { searchUsers } from '../searchUsers';
import { writeUser } from '../writeUser';
import { originOf, type Route } from './route';

/** `GET /user`: the user of the token. */
export const me: Route = (instance, version) => (request, response) => {
  const { person } = callerOf(instance, request);
  const user = writeUser(person, person, version, originOf(request));
  response.json(selectFields(user, queryOf(request)['fields']));
};

/** `GET /users/{user_id}` */
export const user: Route = (instance, version) => (request, response) => {
  const { person: viewer } = callerOf(instance, request);
  const userId = String(request.params['user_id']);
  if (version !== '4.0') parseInteger('user_id', userId);
  const person = instance.people.withId(userId);
  if (!person) throw notFound();
  const user = writeUser(person, viewer, version, originOf(request));
  response.json(selectFields(user, queryOf(request)['fields']));
};

/** `GET /users/search` */
export const usersSearch: Route = (instance, version) => (request, response) => {
  const { person: viewer } = callerOf(instance, request);
  const query = queryOf(request);
  const found = searchUsers(instance.people.all, query, viewer, version);
  const users = found.map((person) => writeUser(person, viewer, version, originOf(request)));
  response.json(selectFields(users, query['fields']));
};
