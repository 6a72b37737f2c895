import type { Request, Response } from 'express';
import type { ApiVersion } from '../apiVersion';
import type { Instance } from '../instance';

/** One endpoint of one API version; it responds, or throws a Refusal. */
export type Route = (
  instance: Instance,
  version: ApiVersion,
) => (request: Request, response: Response) => void;

/** The origin at which the client reached this instance, for links in responses. */
export function originOf(request: Request): string {
  return `${request.protocol}://${request.host}`;
}
