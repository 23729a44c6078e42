import http from 'node:http';

/** What people type into their browser. Nothing answers there: requests go to a replica as a reverse proxy would pass them on. */
export const PUBLIC_URL = 'https://portal.example';

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {http.IncomingHttpHeaders} headers
 * @property {string} body
 * @property {number} ms - How long it took.
 * @property {() => any} json
 */

/**
 * Sends a request to a replica, with the headers that a reverse proxy adds.
 *
 * @param {{ port: number }} replica
 * @param {string} address - A path.
 * @param {object} [options]
 * @param {string} [options.method]
 * @param {Record<string, string>} [options.headers]
 * @param {string} [options.body]
 * @param {string} [options.token]
 * @param {string} [options.from] - The client's network address.
 * @param {number} [options.timeoutMs]
 * @returns {Promise<Answer>}
 */
export function ask(replica, address, options = {}) {
  const { token, from = '203.0.113.10', headers = {} } = options;
  return send(`http://127.0.0.1:${replica.port}${address}`, {
    ...options,
    headers: {
      host: new URL(PUBLIC_URL).host,
      'x-forwarded-for': from,
      'x-forwarded-proto': 'https',
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
  });
}

/** @returns {Promise<Answer>} */
export function send(
  url,
  { method = 'GET', headers, body, timeoutMs = 20_000 },
) {
  const since = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.request(
      url,
      { method, headers, agent: false, signal: AbortSignal.timeout(timeoutMs) },
      response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', data => (text += data));
        response.once('error', reject);
        response.once('end', () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            body: text,
            ms: performance.now() - since,
            json: () => JSON.parse(text),
          }),
        );
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}

/** A browser's cookies, by the path that they are for. */
export class Cookies {
  #cookies = new Map();

  /** @param {Answer} answer @param {string} address */
  keep(answer, address) {
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair, ...attributes] = line.split(/;\s*/);
      const [, name, value] = /^([^=]+)=(.*)$/.exec(pair);
      const attribute = wanted =>
        attributes.find(found => found.toLowerCase().startsWith(wanted));
      const path = attribute('path=')?.slice('path='.length) ?? address;
      this.#cookies.set(`${path} ${name}`, {
        name,
        value,
        path,
        secure: Boolean(attribute('secure')),
        httpOnly: Boolean(attribute('httponly')),
      });
    }
    return answer;
  }

  get all() {
    return [...this.#cookies.values()].filter(({ value }) => value);
  }

  /** @param {string} address - A path. */
  header(address) {
    const cookie = this.all
      .filter(({ path }) => address.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    return cookie ? { cookie } : {};
  }
}

/**
 * Signs a person in the way a browser does, with redirects followed by hand.
 *
 * @param {object} options
 * @param {{ port: number }} options.replica
 * @param {string} options.issuer - The OpenID provider's address.
 * @param {string} options.person - An entity reference.
 * @returns {Promise<Session>}
 */
export async function signIn({ replica, issuer, person }) {
  const portal = new Cookies();
  const start = `/api/auth/oidc/start?${new URLSearchParams({
    env: 'production',
    scope: 'openid profile email',
    origin: PUBLIC_URL,
    redirectUrl: `${PUBLIC_URL}/`,
    flow: 'redirect',
  })}`;
  const begin = portal.keep(await ask(replica, start), start);
  if (begin.status !== 302) {
    throw new Error(
      `The sign-in does not start: ${begin.status} ${begin.body}`,
    );
  }
  const back = await passIssuer(begin.headers.location, issuer, person);
  const callback = new URL(back);
  const address = callback.pathname + callback.search;
  const end = portal.keep(
    await ask(replica, address, { headers: portal.header(callback.pathname) }),
    callback.pathname,
  );
  const target = new URL(end.headers.location ?? 'about:blank');
  const error = target.searchParams.get('error');
  if (end.status !== 302 || error) {
    throw new Error(
      `The sign-in failed: ${error ?? `${end.status} ${end.body}`}`,
    );
  }
  return new Session(portal);
}

/** A signed-in browser. */
export class Session {
  /** @param {Cookies} cookies */
  constructor(cookies) {
    this.cookies = cookies;
  }

  /**
   * Asks for a new token, as the frontend does at every page load.
   *
   * @param {{ port: number }} replica
   * @returns {Promise<{ token: string, ref: string }>}
   */
  async refresh(replica) {
    const path = '/api/auth/oidc/refresh';
    const answer = await ask(replica, `${path}?optional&env=production`, {
      headers: {
        'x-requested-with': 'XMLHttpRequest',
        ...this.cookies.header(path),
      },
    });
    if (answer.status !== 200) {
      throw new Error(
        `The session is not accepted: ${answer.status} ${answer.body}`,
      );
    }
    this.cookies.keep(answer, path);
    const { backstageIdentity } = answer.json();
    return {
      token: backstageIdentity.token,
      ref: backstageIdentity.identity.userEntityRef,
    };
  }
}

/** From the provider's authorization page to the address that it sends the browser back to. */
async function passIssuer(location, issuer, person) {
  const cookies = new Cookies();
  const { origin } = new URL(issuer);
  let url = new URL(location);
  let form;
  for (let step = 0; step < 12; step += 1) {
    if (url.origin !== origin) return url.href;
    const answer = cookies.keep(
      await send(url, {
        method: form ? 'POST' : 'GET',
        body: form,
        headers: {
          accept: 'text/html',
          ...cookies.header(url.pathname),
          ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        },
      }),
      url.pathname,
    );
    form = undefined;
    if (answer.headers.location) {
      url = new URL(answer.headers.location, url);
    } else if (answer.status === 200) {
      form = new URLSearchParams({ person }).toString();
    } else {
      throw new Error(
        `The OpenID provider answers ${answer.status} at ${
          url.pathname
        }: ${answer.body.slice(0, 300)}`,
      );
    }
  }
  throw new Error(`The OpenID provider does not come to an end at ${url.href}`);
}
