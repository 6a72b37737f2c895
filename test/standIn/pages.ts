/** The HTML pages that a Looker host sends to clients that expect JSON. */
export type Page = 'notFound' | 'unavailable' | 'login';

export const PAGES: Readonly<Record<Page, string>> = {
  notFound: page(
    'Looker Not Found (404)',
    '<h1>Looker Not Found (404)</h1><p>There is nothing at this address.</p>',
  ),
  unavailable: page(
    'Looker Unavailable',
    '<h1>Looker Unavailable</h1><p>This Looker is not answering. Try again later.</p>',
  ),
  login: page(
    'Looker',
    '<h1>Log in to Looker</h1><form><input name="email" type="email"><input name="password" type="password"></form>',
  ),
};

/** A page of the instance. The arguments must be HTML. */
export function page(title: string, body: string): string {
  return `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body>${body}</body></html>\n`;
}
