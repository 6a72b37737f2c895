import type { Request, Response } from 'express';
import type { ApiVersion } from '../apiVersion';
import type { Instance } from '../instance';

/** What one endpoint of one API version does; it answers, or throws a Refusal. */
export type Route = (
  instance: Instance,
  version: ApiVersion,
) => (request: Request, response: Response) => void;

/** Where the client found this instance, for links in replies. */
export function originOf(request: Request): string {
  return `${request.protocol}://${request.host}`;
}
