import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** Where Kubernetes puts a pod's own token. */
const SERVICE_ACCOUNT_TOKEN_FILE =
  '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * How the portal proves to Vault who it is. Files are read anew at each login, as what is in them changes.
 *
 * @public
 */
export type VaultAuth =
  | {
      readonly method: 'token';
      readonly token?: string;
      readonly tokenFile?: string;
    }
  | {
      readonly method: 'kubernetes';
      /** Below `auth/`, such as `kubernetes`. */
      readonly mount: string;
      readonly role: string;
      readonly tokenFile: string;
    }
  | {
      readonly method: 'jwt';
      readonly mount: string;
      readonly role: string;
      readonly jwt?: string;
      readonly tokenFile?: string;
    }
  | {
      readonly method: 'appRole';
      readonly mount: string;
      readonly roleId: string;
      readonly secretId?: string;
      readonly secretIdFile?: string;
    };

/**
 * Reads the `auth` of an instance.
 *
 * @throws InputError that names the key, never a secret's value.
 *
 * @internal
 */
export function readVaultAuth(config: Config, key: string): VaultAuth {
  const auth = config.getConfig('auth');
  const method = auth.getString('method');
  const mount = (otherwise: string) =>
    (auth.getOptionalString('mount') ?? otherwise).replace(/^\/+|\/+$/g, '');
  const either = (value: string, file: string) => {
    if (auth.has(value) === auth.has(file)) {
      throw new InputError(
        `Invalid configuration at '${key}.auth': set either '${value}' or '${file}'`,
      );
    }
  };
  switch (method) {
    case 'token':
      either('token', 'tokenFile');
      return {
        method,
        token: auth.getOptionalString('token'),
        tokenFile: auth.getOptionalString('tokenFile'),
      };
    case 'kubernetes':
      return {
        method,
        mount: mount('kubernetes'),
        role: auth.getString('role'),
        tokenFile:
          auth.getOptionalString('tokenFile') ?? SERVICE_ACCOUNT_TOKEN_FILE,
      };
    case 'jwt':
      either('token', 'tokenFile');
      return {
        method,
        mount: mount('jwt'),
        role: auth.getString('role'),
        jwt: auth.getOptionalString('token'),
        tokenFile: auth.getOptionalString('tokenFile'),
      };
    case 'appRole':
      either('secretId', 'secretIdFile');
      return {
        method,
        mount: mount('approle'),
        roleId: auth.getString('roleId'),
        secretId: auth.getOptionalString('secretId'),
        secretIdFile: auth.getOptionalString('secretIdFile'),
      };
    default:
      throw new InputError(
        `Invalid configuration at '${key}.auth.method': '${method}' is none of token, kubernetes, jwt, appRole`,
      );
  }
}
