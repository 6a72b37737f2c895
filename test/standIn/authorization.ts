import type { Request } from 'express';

/** The token of `Authorization: token …` or `Authorization: Bearer …`, valid or not. */
export function tokenIn(request: Request): string | undefined {
  return /^(?:token|bearer) +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}
