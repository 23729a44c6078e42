import { readOptions } from './readOptions';

const required = {
  AUTH_OIDC_CLIENT_SECRET: 'long-enough',
  WAYSTONE_SANDBOX_ORG: 'examples/org.yaml',
};

describe('readOptions', () => {
  it('has a default for all but the secret and the organisation', () => {
    expect(readOptions({ ...required, WAYSTONE_SANDBOX_STATE: '' })).toEqual({
      port: 7008,
      portalUrl: 'http://localhost:7007',
      client: { id: 'waystone', secret: 'long-enough' },
      organisationFile: 'examples/org.yaml',
      testPeople: false,
      speed: 1,
      fleet: 0,
    });
  });

  it('takes every setting', () => {
    expect(
      readOptions({
        ...required,
        WAYSTONE_SANDBOX_PORT: '7100',
        WAYSTONE_SANDBOX_URL: 'http://localhost:7100/',
        WAYSTONE_BASE_URL: 'https://portal.example/',
        WAYSTONE_APP_BASE_URL: 'http://localhost:3000',
        AUTH_OIDC_CLIENT_ID: 'portal',
        WAYSTONE_SANDBOX_STATE: '.waystone/sandbox',
        WAYSTONE_SANDBOX_SESSION_SECONDS: '2',
        WAYSTONE_SANDBOX_TEST_PEOPLE: '1',
        WAYSTONE_SANDBOX_TOKEN: 'a-token-of-the-tests',
        WAYSTONE_SANDBOX_KUBECTL_PORT: '7101',
        WAYSTONE_SANDBOX_SPEED: '10',
        WAYSTONE_SANDBOX_FLEET: '2000',
        POSTGRES_HOST: 'localhost',
        POSTGRES_PORT: '5433',
        POSTGRES_USER: 'postgres',
        POSTGRES_PASSWORD: 'secret',
      }),
    ).toEqual({
      port: 7100,
      url: 'http://localhost:7100',
      portalUrl: 'https://portal.example',
      appUrl: 'http://localhost:3000',
      client: { id: 'portal', secret: 'long-enough' },
      organisationFile: 'examples/org.yaml',
      stateFolder: '.waystone/sandbox',
      sessionSeconds: 2,
      testPeople: true,
      token: 'a-token-of-the-tests',
      kubectlPort: 7101,
      speed: 10,
      fleet: 2000,
      postgres: {
        host: 'localhost',
        port: 5433,
        user: 'postgres',
        password: 'secret',
      },
    });
  });

  it.each([
    [
      { WAYSTONE_SANDBOX_PORT: 'http' },
      'WAYSTONE_SANDBOX_PORT: expected a port number.',
    ],
    [
      { WAYSTONE_SANDBOX_PORT: '70000' },
      'WAYSTONE_SANDBOX_PORT: expected a port number up to 65535.',
    ],
    [
      { WAYSTONE_SANDBOX_URL: 'http://sandbox.example:7008' },
      'WAYSTONE_SANDBOX_URL: expected http:// and this machine',
    ],
    [
      { WAYSTONE_BASE_URL: 'localhost:7007' },
      'WAYSTONE_BASE_URL: expected a URL such as http://localhost:7007.',
    ],
    [
      { WAYSTONE_BASE_URL: 'http://localhost:7007/portal' },
      'WAYSTONE_BASE_URL: expected a URL without a path',
    ],
    [
      { AUTH_OIDC_CLIENT_SECRET: '' },
      'AUTH_OIDC_CLIENT_SECRET: missing; expected the secret that the portal uses too.',
    ],
    [
      { WAYSTONE_SANDBOX_ORG: undefined },
      'WAYSTONE_SANDBOX_ORG: missing; expected the path of a YAML file',
    ],
    [
      { WAYSTONE_SANDBOX_SESSION_SECONDS: '0' },
      'WAYSTONE_SANDBOX_SESSION_SECONDS: expected at least 1 second.',
    ],
    [
      { WAYSTONE_SANDBOX_TEST_PEOPLE: 'yes' },
      'WAYSTONE_SANDBOX_TEST_PEOPLE: expected 1 or 0.',
    ],
    [
      { WAYSTONE_SANDBOX_TOKEN: 'short' },
      'WAYSTONE_SANDBOX_TOKEN: expected at least 16 characters.',
    ],
    [
      { WAYSTONE_SANDBOX_SPEED: '0' },
      'WAYSTONE_SANDBOX_SPEED: expected a number above 0.',
    ],
    [{ NODE_ENV: 'production' }, 'The sandbox does not run in production'],
  ])('refuses %j and names the variable', (environment, message) => {
    expect(() => readOptions({ ...required, ...environment })).toThrow(message);
  });

  it('does not repeat a secret in an error', () => {
    expect(() =>
      readOptions({ ...required, AUTH_OIDC_CLIENT_SECRET: 'short' }),
    ).toThrow(/^AUTH_OIDC_CLIENT_SECRET: expected at least 8 characters\.$/);
  });
});
