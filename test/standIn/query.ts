import type { Request } from 'express';
import { Refusal } from './refusal';

/** The parameters after the `?`; the last one counts if one is repeated. */
export type Query = Readonly<Record<string, string>>;

export function queryOf({ originalUrl: url }: Pick<Request, 'originalUrl'>): Query {
  const mark = url.indexOf('?');
  return Object.fromEntries(new URLSearchParams(mark < 0 ? '' : url.slice(mark)));
}

/** `true` or `false`, otherwise a 400: Looker accepts no other spelling. */
export function parseBoolean(name: string, text: string): boolean {
  if (text !== 'true' && text !== 'false') throw badParameter(name, text);
  return text === 'true';
}

/** A whole number, zero or more; otherwise a 400. */
export function parseInteger(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw badParameter(name, text);
  return Number(text);
}

function badParameter(name: string, text: string): Refusal {
  return new Refusal(400, `Invalid value for ${name}: ${text}`);
}
