import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import type { Browser } from './Browser';
import { CLIENT_ID, CLIENT_SECRET, PORTAL_URL } from './SandboxProcess';

export const REDIRECT_URI = `${PORTAL_URL}/api/auth/oidc/handler/frame`;

const discoverySchema = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  userinfo_endpoint: z.string(),
  revocation_endpoint: z.string(),
  end_session_endpoint: z.string(),
  jwks_uri: z.string(),
});

const tokensSchema = z.looseObject({
  access_token: z.string(),
  id_token: z.string(),
  refresh_token: z.string(),
  expires_in: z.number(),
  scope: z.string(),
});

export type Tokens = z.infer<typeof tokensSchema>;

/** The portal's side of OpenID Connect, as Backstage's OIDC provider plays it. */
export class OidcClient {
  readonly endpoints: z.infer<typeof discoverySchema>;

  static async discover(issuer: string): Promise<OidcClient> {
    const response = await fetch(`${issuer}/.well-known/openid-configuration`);
    return new OidcClient(discoverySchema.parse(await response.json()));
  }

  private constructor(endpoints: z.infer<typeof discoverySchema>) {
    this.endpoints = endpoints;
  }

  authorizationUrl(parameters?: Record<string, string>): URL {
    const url = new URL(this.endpoints.authorization_endpoint);
    url.search = new URLSearchParams({
      client_id: CLIENT_ID,
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: 'openid profile email groups offline_access',
      prompt: 'login',
      state: 'the-state',
      nonce: 'the-nonce',
      ...parameters,
    }).toString();
    return url;
  }

  /** Signs a person in, from the sign-in page to the tokens. */
  async signIn(browser: Browser, person: string): Promise<Tokens> {
    const page = await browser.open(this.authorizationUrl());
    const { url } = await browser.open(page.url, { person });
    const code = url.searchParams.get('code');
    if (!code) {
      throw new Error(`No code at ${url}`);
    }
    return this.exchange({
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
    });
  }

  async refresh(refreshToken: string): Promise<Tokens> {
    return this.exchange({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    });
  }

  /** Asks for tokens; a refusal is thrown with its status and OAuth error code. */
  async exchange(
    form: Record<string, string>,
    secret = CLIENT_SECRET,
  ): Promise<Tokens> {
    const response = await this.post(
      this.endpoints.token_endpoint,
      form,
      secret,
    );
    const body = await response.json();
    if (!response.ok) {
      throw new Error(`${response.status} ${body.error}`);
    }
    return tokensSchema.parse(body);
  }

  async revoke(token: string): Promise<Response> {
    return this.post(this.endpoints.revocation_endpoint, { token });
  }

  async userinfo(accessToken: string): Promise<Response> {
    return fetch(this.endpoints.userinfo_endpoint, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
  }

  /** Verifies an ID token's signature with the published keys; its header and claims. */
  async readIdToken(idToken: string) {
    const [header, payload, signature] = idToken.split('.');
    const { kid, alg } = decode(header);
    const { keys } = await (await fetch(this.endpoints.jwks_uri)).json();
    const key = keys.find((jwk: { kid: string }) => {
      return jwk.kid === kid;
    });
    const valid = verify(
      'RSA-SHA256',
      Buffer.from(`${header}.${payload}`),
      createPublicKey({ key, format: 'jwk' }),
      Buffer.from(signature, 'base64url'),
    );
    return { alg, valid, claims: decode(payload) };
  }

  private async post(
    url: string,
    form: Record<string, string>,
    secret = CLIENT_SECRET,
  ): Promise<Response> {
    const basic = Buffer.from(`${CLIENT_ID}:${secret}`).toString('base64');
    return fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Basic ${basic}`,
      },
      body: new URLSearchParams(form),
    });
  }
}

function decode(part: string) {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
