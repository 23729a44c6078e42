import { z } from 'zod';
import type { SandboxOptions } from './createSandbox';
import { isLoopbackHostname } from './http/checkHost';
import { SandboxStartError } from './SandboxStartError';

const originSchema = z
  .url({
    protocol: /^https?$/,
    error: 'expected a URL such as http://localhost:7007',
  })
  .transform(url => new URL(url))
  .refine(url => url.pathname === '/' && !url.search && !url.hash, {
    error: 'expected a URL without a path, such as http://localhost:7007',
  });

const environmentSchema = z.object({
  NODE_ENV: z.string().optional(),
  WAYSTONE_SANDBOX_PORT: z.coerce
    .number({ error: 'expected a port number' })
    .int('expected a port number')
    .min(0, 'expected a port number')
    .max(65535, 'expected a port number up to 65535')
    .default(7008),
  WAYSTONE_SANDBOX_URL: originSchema
    .refine(
      url => url.protocol === 'http:' && isLoopbackHostname(url.hostname),
      {
        error:
          'expected http:// and this machine (localhost, 127.0.0.1 or [::1]); the sandbox answers nobody else',
      },
    )
    .transform(url => url.origin)
    .optional(),
  WAYSTONE_BASE_URL: originSchema
    .transform(url => url.origin)
    .default('http://localhost:7007'),
  WAYSTONE_APP_BASE_URL: originSchema.transform(url => url.origin).optional(),
  AUTH_OIDC_CLIENT_ID: z.string().default('waystone'),
  AUTH_OIDC_CLIENT_SECRET: z
    .string({ error: 'missing; expected the secret that the portal uses too' })
    .min(8, 'expected at least 8 characters'),
  WAYSTONE_SANDBOX_ORG: z.string({
    error:
      'missing; expected the path of a YAML file of User and Group entities',
  }),
  WAYSTONE_SANDBOX_STATE: z.string().optional(),
  WAYSTONE_SANDBOX_SESSION_SECONDS: z.coerce
    .number({ error: 'expected a number of seconds' })
    .int('expected a whole number of seconds')
    .min(1, 'expected at least 1 second')
    .optional(),
  WAYSTONE_SANDBOX_TOKEN: z
    .string()
    .min(16, 'expected at least 16 characters')
    .optional(),
  WAYSTONE_SANDBOX_KUBECTL_PORT: z.coerce
    .number({ error: 'expected a port number' })
    .int('expected a port number')
    .min(0, 'expected a port number')
    .max(65535, 'expected a port number up to 65535')
    .optional(),
  WAYSTONE_SANDBOX_SPEED: z.coerce
    .number({ error: 'expected a number such as 10' })
    .positive('expected a number above 0')
    .default(1),
  WAYSTONE_SANDBOX_FLEET: z.coerce
    .number({ error: 'expected a number of services' })
    .int('expected a whole number of services')
    .min(0, 'expected at least 0 services')
    .max(20_000, 'expected at most 20,000 services')
    .default(0),
  POSTGRES_HOST: z.string().default('127.0.0.1'),
  POSTGRES_PORT: z.coerce.number().int().min(1).max(65535).default(5432),
  POSTGRES_USER: z.string().optional(),
  POSTGRES_PASSWORD: z.string().optional(),
  WAYSTONE_SANDBOX_TEST_PEOPLE: z
    .enum(['0', '1'], { error: 'expected 1 or 0' })
    .default('0'),
});

/**
 * Reads the sandbox's settings from environment variables. Errors name the variable and its value's problem.
 *
 * @internal
 */
export function readOptions(
  environment: Readonly<Record<string, string | undefined>>,
): SandboxOptions {
  // An empty variable means the same as none, as in shells and compose files.
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value),
  );
  if (given.NODE_ENV === 'production') {
    throw new SandboxStartError(
      'The sandbox does not run in production: it signs anybody in without a password. NODE_ENV is "production"; set it to "development", or leave the sandbox out and give the portal a real OpenID provider.',
    );
  }
  const result = environmentSchema.safeParse(given);
  if (!result.success) {
    throw new SandboxStartError(
      result.error.issues
        .map(issue => `${issue.path.join('.')}: ${issue.message}.`)
        .join('\n'),
    );
  }
  const env = result.data;
  return {
    port: env.WAYSTONE_SANDBOX_PORT,
    url: env.WAYSTONE_SANDBOX_URL,
    portalUrl: env.WAYSTONE_BASE_URL,
    appUrl: env.WAYSTONE_APP_BASE_URL,
    client: {
      id: env.AUTH_OIDC_CLIENT_ID,
      secret: env.AUTH_OIDC_CLIENT_SECRET,
    },
    organisationFile: env.WAYSTONE_SANDBOX_ORG,
    stateFolder: env.WAYSTONE_SANDBOX_STATE,
    sessionSeconds: env.WAYSTONE_SANDBOX_SESSION_SECONDS,
    testPeople: env.WAYSTONE_SANDBOX_TEST_PEOPLE === '1',
    token: env.WAYSTONE_SANDBOX_TOKEN,
    kubectlPort: env.WAYSTONE_SANDBOX_KUBECTL_PORT,
    speed: env.WAYSTONE_SANDBOX_SPEED,
    fleet: env.WAYSTONE_SANDBOX_FLEET,
    postgres:
      env.POSTGRES_USER && env.POSTGRES_PASSWORD
        ? {
            host: env.POSTGRES_HOST,
            port: env.POSTGRES_PORT,
            user: env.POSTGRES_USER,
            password: env.POSTGRES_PASSWORD,
          }
        : undefined,
  };
}
