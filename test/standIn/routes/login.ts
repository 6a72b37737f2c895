import { queryOf } from '../query';
import { notFound, Refusal } from '../refusal';
import { writeAccessToken } from '../writeAccessToken';
import type { Route } from './route';

/** `POST /login`: issues a token for an API key in the body or the query. */
export const login: Route = (instance, version) => (request, response) => {
  instance.loginRate.admit();
  const form = request.body as Record<string, string> | undefined;
  const { client_id: clientId, client_secret: clientSecret } = { ...queryOf(request), ...form };
  if (!clientId && !clientSecret) {
    throw new Refusal(400, 'client_id and client_secret are missing');
  }
  const person = clientId && clientSecret && instance.people.withApiKey({ clientId, clientSecret });
  // Looker doesn't say which it is: an unknown key, a wrong secret and a disabled user look the same.
  if (!person || person.isDisabled) throw notFound();
  response.json(writeAccessToken(instance.tokens.issue(String(person.id)), version));
};
