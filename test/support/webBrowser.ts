/** The state of a browser: the page it shows, or the URL it was redirected to and didn't open. */
export interface Shown {
  readonly address: string;
  readonly status: number;
  readonly text: string;
}

/**
 * A web browser with only forms and cookies, for the pages of one stand-in Looker. It doesn't follow links to other
 * servers.
 */
export class WebBrowser {
  private readonly cookies = new Map<string, string>();
  private shown: Shown = { address: 'about:blank', status: 0, text: '' };

  constructor(private readonly origin: string) {}

  open(address: string): Promise<Shown> {
    return this.go(address, { method: 'GET' });
  }

  /** Fills in the form on the current page, and submits it. */
  submit(values: Readonly<Record<string, string>>): Promise<Shown> {
    const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(this.shown.text) ?? [];
    const hidden = [...this.shown.text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)];
    const given = hidden.map(([, name = '', value = '']) => [name, unescaped(value)] as const);
    const body = new URLSearchParams({ ...Object.fromEntries(given), ...values });
    return this.go(new URL(action, this.shown.address).href, { method: 'POST', body });
  }

  /** Logs in on the page at a URL and gives consent. @returns the URL of the final redirect */
  async letIn(address: string, email: string): Promise<string> {
    await this.open(address);
    if (this.shown.text.includes('name="email"')) await this.submit({ email, password: 'secret' });
    if (this.shown.text.includes('name="decision"')) await this.submit({ decision: 'allow' });
    return this.shown.address;
  }

  private async go(address: string, init: RequestInit): Promise<Shown> {
    if (new URL(address).origin !== this.origin) {
      return (this.shown = { address, status: 0, text: '' });
    }
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await fetch(address, { ...init, redirect: 'manual', headers: { cookie } });
    for (const each of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      this.cookies.set(name, value);
    }
    const location = reply.headers.get('location');
    if (location !== null) return this.go(new URL(location, address).href, { method: 'GET' });
    return (this.shown = { address, status: reply.status, text: await reply.text() });
  }
}

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}
