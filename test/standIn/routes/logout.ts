import { tokenIn } from '../authorization';
import { notFound, Refusal } from '../refusal';
import type { Route } from './route';

/** `DELETE /logout`: ends the token it is sent with, and no other. */
export const logout: Route = (instance) => (request, response) => {
  const value = tokenIn(request);
  if (value === undefined) throw new Refusal(401, 'Requires authentication.');
  if (!instance.tokens.find(value)) throw notFound();
  instance.tokens.revoke(value);
  response.status(204).end();
};
