import type { RequestHandler } from 'express';
import type { Instance } from '../../instance';
import { originOf } from '../route';

/** `GET /.well-known/oauth-authorization-server` (RFC 8414). */
export function metadata({ oauth }: Instance): RequestHandler {
  return (request, response, next) => {
    const write = oauth.behavior.metadata;
    if (write) response.json(write(originOf(request)));
    else next();
  };
}
