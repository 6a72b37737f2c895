import type { ErrorRequestHandler } from 'express';
import { apiVersionOf } from './apiVersion';

/** Looker's error for one field of a body. */
export interface RefusedField {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/** Can be thrown by any route, and is sent as Looker's own JSON error. */
export class Refusal extends Error {
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: readonly RefusedField[] | undefined;

  constructor(
    readonly status: number,
    message: string,
    more: { headers?: Readonly<Record<string, string>>; fields?: readonly RefusedField[] } = {},
  ) {
    super(message);
    this.headers = more.headers ?? {};
    this.fields = more.fields;
  }
}

export const notFound = () => new Refusal(404, 'Not found');

export const tooManyRequests = (retryAfter: string, status = 429) =>
  new Refusal(status, 'Too many requests', { headers: { 'Retry-After': retryAfter } });

/** Express recognizes an error handler by its four parameters. */
export const answerRefusal: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  // Errors of the body parser have their own status; anything else is a defect of the stand-in.
  const { status = 500, message = '', headers = {}, fields } = error as Partial<Refusal>;
  const documentation_url = documentationUrl(status, request.method, request.path);
  const errors = fields?.map((field) => ({ ...field, documentation_url }));
  response
    .status(status)
    .set(headers)
    .json({ message, ...(errors && { errors }), documentation_url });
};

function documentationUrl(status: number, method: string, path: string): string {
  const version = apiVersionOf(path);
  const route = path
    .slice(version ? `/api/${version}`.length : 0)
    .replace(/^\/(login|users)\/(?!search$)[^/]+$/, '/$1/:user_id');
  return `https://cloud.google.com/looker/docs/r/err/${version ?? 'internal'}/${status}/${method.toLowerCase()}${route}`;
}
