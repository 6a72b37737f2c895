import { createHash } from 'node:crypto';

/** The final page in the browser. It never contains any part of a request. */
export interface RedirectPage {
  readonly title: string;
  readonly text: string;
  /** Language of the texts, such as `pt-br`. */
  readonly language: string;
  readonly isSuccess: boolean;
}

const STYLE = `:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:15vh auto;max-width:32rem;padding:0 1.5rem}
h1{font-size:1.5rem;font-weight:600}`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** No page of another site may show, read or store it, and it can't run or load anything. */
export const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/** Writes the page as HTML. */
export function writePage({ title, text, language, isSuccess }: RedirectPage): string {
  const mark = isSuccess ? '✓' : '✗';
  return `<!DOCTYPE html>
<html lang="${escaped(language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><main><h1><span aria-hidden="true">${mark}</span> ${escaped(title)}</h1><p>${escaped(text)}</p></main></body></html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
