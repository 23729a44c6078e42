import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Browser } from '../testUtils/Browser';
import { OidcClient, REDIRECT_URI } from '../testUtils/OidcClient';
import { ORGANISATION } from '../testUtils/organisation';
import { PORTAL_URL, SandboxProcess } from '../testUtils/SandboxProcess';

const MAYA = 'user:default/maya.okafor';
const TOMAS = 'user:default/tomas.herrera';

jest.setTimeout(60_000);

describe('the OpenID provider', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-identity-'));
  const organisation = join(folder, 'org.yaml');
  const started: SandboxProcess[] = [];
  let sandbox: SandboxProcess;
  let client: OidcClient;
  let browser: Browser;

  const start = async (environment?: Record<string, string>) => {
    const process = await SandboxProcess.start({
      WAYSTONE_SANDBOX_ORG: organisation,
      ...environment,
    });
    started.push(process);
    return process;
  };

  beforeAll(async () => {
    writeFileSync(organisation, ORGANISATION);
    sandbox = await start({ WAYSTONE_SANDBOX_TEST_PEOPLE: '1' });
    client = await OidcClient.discover(sandbox.issuer);
  });

  beforeEach(() => {
    browser = new Browser(sandbox.url);
  });

  afterAll(async () => {
    await Promise.all(started.map(process => process.stop()));
    rmSync(folder, { recursive: true });
  });

  it('describes itself under its issuer, whichever local name it is asked under', async () => {
    const { port } = new URL(sandbox.url);
    for (const host of ['localhost', '127.0.0.1']) {
      const { endpoints } = await OidcClient.discover(
        `http://${host}:${port}/oidc`,
      );
      expect(endpoints).toMatchObject({
        issuer: sandbox.issuer,
        authorization_endpoint: `${sandbox.issuer}/auth`,
        token_endpoint: `${sandbox.issuer}/token`,
        userinfo_endpoint: `${sandbox.issuer}/me`,
        jwks_uri: `${sandbox.issuer}/jwks`,
        response_types_supported: ['code'],
        grant_types_supported: ['authorization_code', 'refresh_token'],
        id_token_signing_alg_values_supported: ['RS256'],
        token_endpoint_auth_methods_supported: ['client_secret_basic'],
        scopes_supported: expect.arrayContaining([
          'email',
          'groups',
          'profile',
        ]),
      });
    }
    expect(sandbox.output).not.toMatch(/WARNING|NOTICE/);
  });

  it('signs the picked person in, from the list of people to the claims', async () => {
    const page = await browser.open(client.authorizationUrl());
    expect(page.response.status).toBe(200);
    expect(page.body).toContain('<h1>Sign in to Waystone</h1>');
    expect(page.body).toContain('Developer in Orders');

    const back = await browser.open(page.url, { person: MAYA });
    expect(back.url.origin + back.url.pathname).toBe(REDIRECT_URI);
    expect(back.url.searchParams.get('state')).toBe('the-state');
    expect(back.url.searchParams.get('iss')).toBe(sandbox.issuer);

    const request = {
      grant_type: 'authorization_code',
      code: back.url.searchParams.get('code')!,
      redirect_uri: REDIRECT_URI,
    };
    await expect(client.exchange(request, 'wrong-secret')).rejects.toThrow(
      '401 invalid_client',
    );
    const tokens = await client.exchange(request);
    expect(tokens.expires_in).toBe(3600);

    const idToken = await client.readIdToken(tokens.id_token);
    expect(idToken).toMatchObject({
      alg: 'RS256',
      valid: true,
      claims: {
        iss: sandbox.issuer,
        aud: 'waystone',
        sub: MAYA,
        nonce: 'the-nonce',
      },
    });
    const userinfo = await client.userinfo(tokens.access_token);
    await expect(userinfo.json()).resolves.toEqual({
      sub: MAYA,
      name: 'Maya Okafor',
      preferred_username: 'maya.okafor',
      email: 'maya.okafor@example.com',
      email_verified: true,
      groups: ['group:default/orders'],
    });

    // A code serves once; a second use is theft, and takes what was got with it.
    await expect(client.exchange(request)).rejects.toThrow('400 invalid_grant');
    expect((await client.userinfo(tokens.access_token)).status).toBe(401);
  });

  it('asks who is signing in each time, and lets another person be picked', async () => {
    const maya = await client.signIn(browser, MAYA);
    const tomas = await client.signIn(browser, TOMAS);

    const again = await browser.open(client.authorizationUrl({ prompt: '' }));
    expect(again.body).toContain('Sign in to Waystone');
    const silent = await browser.open(
      client.authorizationUrl({ prompt: 'none' }),
    );
    expect(silent.url.searchParams.get('error')).toBe('login_required');

    const subjects = await Promise.all(
      [maya, tomas].map(async ({ access_token: token }) => {
        return (await (await client.userinfo(token)).json()).sub;
      }),
    );
    expect(subjects).toEqual([MAYA, TOMAS]);
  });

  it('answers prompt=consent with the same one click', async () => {
    const page = await browser.open(
      client.authorizationUrl({ prompt: 'consent' }),
    );
    const back = await browser.open(page.url, { person: MAYA });

    expect(back.url.searchParams.get('code')).toBeTruthy();
  });

  it('focuses the person of a login hint', async () => {
    const page = await browser.open(
      client.authorizationUrl({ login_hint: 'tomas.herrera@example.com' }),
    );

    expect(page.body).toMatch(/tomas\.herrera"\s+autofocus/);
  });

  it('refreshes for two tabs with the same token, until it is revoked', async () => {
    const tokens = await client.signIn(browser, MAYA);

    const both = await Promise.all([
      client.refresh(tokens.refresh_token),
      client.refresh(tokens.refresh_token),
    ]);
    const later = await client.refresh(tokens.refresh_token);
    for (const refreshed of [...both, later]) {
      expect(refreshed.refresh_token).toBe(tokens.refresh_token);
      expect((await client.userinfo(refreshed.access_token)).status).toBe(200);
    }

    expect((await client.revoke(tokens.refresh_token)).status).toBe(200);
    await expect(client.refresh(tokens.refresh_token)).rejects.toThrow(
      '400 invalid_grant',
    );
    expect((await client.userinfo(later.access_token)).status).toBe(401);
  });

  it('ends its own session when asked to sign out', async () => {
    const tokens = await client.signIn(browser, MAYA);
    const address = new URL(client.endpoints.end_session_endpoint);
    address.search = new URLSearchParams({
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: PORTAL_URL,
    }).toString();

    const page = await browser.open(address);
    expect(page.body).toContain('Sign out of the sandbox?');
    const [, action] = /action="([^"]+)"/.exec(page.body)!;
    const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(page.body)!;
    const back = await browser.open(action, { xsrf, logout: 'yes' });

    expect(back.url.href).toBe(`${PORTAL_URL}/`);
    const names = browser.cookies.map(cookie => cookie.name);
    expect(names).not.toContain('waystone_sandbox_session');
  });

  it('returns access_denied on cancel', async () => {
    const page = await browser.open(client.authorizationUrl());
    const [, cancel] = /href="([^"]+\/cancel)"/.exec(page.body)!;
    const back = await browser.open(cancel);

    expect(back.url.origin).toBe(PORTAL_URL);
    expect(Object.fromEntries(back.url.searchParams)).toMatchObject({
      error: 'access_denied',
      state: 'the-state',
    });
  });

  it('refuses people it does not know, and sign-ins of another browser', async () => {
    const page = await browser.open(client.authorizationUrl());
    for (const person of ['user:default/nobody', '']) {
      const refused = await browser.open(page.url, { person });
      expect(refused.response.status).toBe(400);
      expect(refused.body).toContain('No such person');
    }

    const stranger = new Browser(sandbox.url);
    const other = await stranger.open(page.url, { person: MAYA });
    expect(other.response.status).toBe(400);
    expect(other.body).toContain('This sign-in has expired');

    // A sign-in of its own does not help: its cookie belongs to its own address.
    const own = await stranger.open(client.authorizationUrl());
    const cookie = stranger.cookies.find(
      ({ name }) => name === 'waystone_sandbox_interaction',
    )!;
    expect(cookie.path).toBe(own.url.pathname);
    cookie.path = page.url.pathname;
    const signature = stranger.cookies.find(
      ({ name }) => name === 'waystone_sandbox_interaction.sig',
    )!;
    signature.path = page.url.pathname;
    const forged = await stranger.open(page.url, { person: MAYA });
    expect(forged.response.status).toBe(400);
  });

  it.each([
    [{ redirect_uri: 'http://evil.example/' }, 'invalid_redirect_uri'],
    [{ redirect_uri: `${REDIRECT_URI}/` }, 'invalid_redirect_uri'],
    [{ redirect_uri: `${REDIRECT_URI}?x=1` }, 'invalid_redirect_uri'],
    [{ client_id: 'somebody' }, 'invalid_client'],
  ])('refuses %j on a page of its own', async (parameters, error) => {
    const page = await browser.open(client.authorizationUrl(parameters));

    expect(page.url.origin).toBe(sandbox.url);
    expect(page.response.status).toBe(400);
    expect(page.body).toContain('Sign-in stopped');
    expect(page.body).toContain(error);
  });

  it('sends the sign-in page with tight headers and lets nobody else read it', async () => {
    const { response } = await browser.open(client.authorizationUrl());
    const policy = response.headers.get('content-security-policy');

    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`form-action 'self' ${PORTAL_URL};`);
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-powered-by')).toBeNull();

    for (const [method, path] of [
      ['GET', '/people'],
      ['GET', '/oidc/me'],
      ['GET', '/oidc/jwks'],
      ['GET', '/oidc/.well-known/openid-configuration'],
      ['POST', '/oidc/token'],
      ['OPTIONS', '/oidc/token'],
    ]) {
      const foreign = await fetch(`${sandbox.url}${path}`, {
        method,
        headers: {
          origin: PORTAL_URL,
          ...(method === 'OPTIONS' && {
            'access-control-request-method': 'POST',
          }),
        },
      });
      expect(
        [...foreign.headers.keys()].filter(name => name.startsWith('access-')),
      ).toEqual([]);
    }
  });

  it('offers an unverified e-mail and an unknown person for tests, and only then', async () => {
    const tokens = await client.signIn(
      browser,
      'user:default/sandbox.unverified',
    );
    const userinfo = await client.userinfo(tokens.access_token);
    await expect(userinfo.json()).resolves.toMatchObject({
      email: 'tomas.herrera@example.com',
      email_verified: false,
    });
    const page = await browser.open(client.authorizationUrl());
    expect(page.body).toContain('user:default/sandbox.unknown');

    const plain = await start();
    const plainClient = await OidcClient.discover(plain.issuer);
    await expect(
      plainClient.signIn(
        new Browser(plain.url),
        'user:default/sandbox.unverified',
      ),
    ).rejects.toThrow('No code');
  });

  it('keeps people signed in over a restart, in files of their owner only', async () => {
    const environment = { WAYSTONE_SANDBOX_STATE: join(folder, 'state') };
    const first = await start(environment);
    const firstClient = await OidcClient.discover(first.issuer);
    const tokens = await firstClient.signIn(new Browser(first.url), MAYA);
    // Not even a moment to write something down.
    first.child.kill('SIGKILL');
    await first.exit();

    const second = await start({
      ...environment,
      WAYSTONE_SANDBOX_PORT: new URL(first.url).port,
    });
    const secondClient = await OidcClient.discover(second.issuer);
    const refreshed = await secondClient.refresh(tokens.refresh_token);
    expect((await secondClient.readIdToken(tokens.id_token)).valid).toBe(true);
    expect((await secondClient.userinfo(refreshed.access_token)).status).toBe(
      200,
    );
    for (const file of ['identity-keys.json', 'identity-tokens.json']) {
      const { mode } = statSync(join(environment.WAYSTONE_SANDBOX_STATE, file));
      expect(mode.toString(8)).toMatch(/600$/);
    }
  });

  it('ends a session after the time it is told', async () => {
    const brief = await start({ WAYSTONE_SANDBOX_SESSION_SECONDS: '2' });
    const briefClient = await OidcClient.discover(brief.issuer);
    const tokens = await briefClient.signIn(new Browser(brief.url), MAYA);
    expect(tokens.expires_in).toBe(2);
    await briefClient.refresh(tokens.refresh_token);

    await sleep(2_100);
    await expect(briefClient.refresh(tokens.refresh_token)).rejects.toThrow(
      '400 invalid_grant',
    );
    expect((await briefClient.userinfo(tokens.access_token)).status).toBe(401);
  });
});
