interface Cookie {
  name: string;
  value: string;
  path: string;
}

/**
 * As much of a browser as a sign-in needs: cookies with their paths, and redirects followed within the sandbox.
 */
export class Browser {
  readonly #origin: string;
  readonly cookies: Cookie[] = [];

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Requests an address and follows redirects as long as they stay in the sandbox. */
  async open(
    address: string | URL,
    form?: Record<string, string>,
  ): Promise<{ response: Response; url: URL; body: string }> {
    const url = new URL(address, this.#origin);
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      body: form && new URLSearchParams(form),
      redirect: 'manual',
      headers: { cookie: this.#cookiesFor(url), accept: 'text/html' },
    });
    this.#keepCookies(response, url);
    const location = response.headers.get('location');
    if (location === null) {
      return { response, url, body: await response.text() };
    }
    const next = new URL(location, url);
    return next.origin === this.#origin
      ? this.open(next)
      : { response, url: next, body: '' };
  }

  #cookiesFor(url: URL): string {
    return this.cookies
      .filter(({ path }) => url.pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #keepCookies(response: Response, url: URL) {
    for (const header of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(header)!;
      const path = /;\s*path=([^;]+)/i.exec(header)?.[1] ?? url.pathname;
      const known = this.cookies.findIndex(
        cookie => cookie.name === name && cookie.path === path,
      );
      if (known >= 0) {
        this.cookies.splice(known, 1);
      }
      if (value) {
        this.cookies.push({ name, value, path });
      }
    }
  }
}
