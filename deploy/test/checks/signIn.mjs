import assert from 'node:assert/strict';
import { PUBLIC_URL, ask, signIn } from '../client.mjs';

const PERSON = 'user:default/maya.okafor';
/** The organisation is read in the background after the start. */
const PATIENCE_MS = 45_000;

/** Sign-in through any OpenID provider, on one replica, is good for all. */
export function checks(context) {
  const { installation } = context;
  const [a, b] = installation.replicas;

  return {
    'a person signs in through the OpenID provider': async () => {
      const end = Date.now() + PATIENCE_MS;
      for (;;) {
        try {
          context.session = await signIn({
            replica: a,
            issuer: installation.issuer,
            person: PERSON,
          });
          break;
        } catch (error) {
          if (Date.now() > end || !/identif|not found/i.test(error.message)) {
            throw error;
          }
          await new Promise(resolve => setTimeout(resolve, 500));
        }
      }
      const { token, ref } = await context.session.refresh(a);
      assert.equal(ref, PERSON);
      context.token = token;
    },

    'cookies are for HTTPS and out of reach of scripts': () => {
      const { all } = context.session.cookies;
      assert.ok(all.length > 0);
      for (const cookie of all) {
        assert.ok(cookie.secure, `${cookie.name} is not Secure`);
        assert.ok(cookie.httpOnly, `${cookie.name} is not HttpOnly`);
      }
    },

    'the token of one replica is good on the other': async () => {
      const path = '/api/catalog/entities/by-name/user/default/maya.okafor';
      for (const replica of [a, b]) {
        const answer = await ask(replica, path, { token: context.token });
        assert.equal(answer.status, 200, `${replica.name}: ${answer.body}`);
        assert.equal(answer.json().metadata.name, 'maya.okafor');
      }
    },

    'the session goes on on the other replica': async () => {
      const { token, ref } = await context.session.refresh(b);
      assert.equal(ref, PERSON);
      context.token = token;
    },

    'sign-in does not send people to other sites': async () => {
      const { status, headers } = await ask(
        a,
        `/api/auth/oidc/start?env=production&scope=openid&flow=redirect&${new URLSearchParams(
          {
            origin: 'https://evil.example',
            redirectUrl: 'https://evil.example/',
          },
        )}`,
      );
      assert.notEqual(status, 302, headers.location);
    },

    'golden paths are in the catalog, example services are not': async () => {
      const read = async filter => {
        const { status, json, body } = await ask(
          b,
          `/api/catalog/entities/by-query?limit=50&fields=metadata.name&filter=${filter}`,
          { token: context.token },
        );
        assert.equal(status, 200, body);
        return json().items;
      };
      assert.ok(
        (await read('kind=template')).length > 0,
        `no template at ${PUBLIC_URL}`,
      );
      assert.deepEqual(await read('kind=component'), []);
    },
  };
}
