import { readList, readText } from '../fields';
import { parsePolicy } from '../policy/parsePolicy';
import { answerKeys } from '../VaultBackend';
import type {
  BackendAnswer,
  BackendRequest,
  BackendRoute,
} from '../VaultBackend';
import { invalidRequest, VaultError } from '../VaultError';
import type { VaultCore } from '../VaultCore';
import type { TokenRecord } from '../VaultState';

/** Policies, and what they let a token do. */
export function createPolicyRoutes(
  core: VaultCore,
  namespace: string,
): BackendRoute[] {
  const names = () =>
    [
      ...Object.keys(core.namespace(namespace)!.policies),
      ...(namespace === '' ? ['root'] : []),
    ].sort();
  const capabilities =
    (find: (request: BackendRequest) => TokenRecord) =>
    (request: BackendRequest) =>
      describeCapabilities(core, namespace, request, find(request));
  return [
    {
      pattern: /^(?:policies\/acl|policy)\/?$/,
      operations: {
        list: () => answerKeys(names()),
        read: () => ({ data: { keys: names(), policies: names() } }),
      },
    },
    {
      pattern: /^(?:policies\/acl|policy)\/(.+)$/,
      operations: {
        read: (request, given) => {
          const name = given.toLowerCase();
          const { policies } = core.namespace(namespace)!;
          if (name === 'root') {
            return { data: { name, policy: '' } };
          }
          return Object.hasOwn(policies, name)
            ? {
                data: {
                  name,
                  [request.path.startsWith('policy/') ? 'rules' : 'policy']:
                    policies[name],
                },
              }
            : undefined;
        },
        update: ({ fields }, given) => {
          const name = given.toLowerCase();
          const text = readText(fields, 'policy') ?? readText(fields, 'rules');
          if (!text) {
            throw invalidRequest("'policy' parameter not supplied or empty");
          }
          parsePolicy(text);
          if (name === 'root') {
            throw invalidRequest('cannot update "root" policy');
          }
          core.setPolicy(namespace, name, text);
          return undefined;
        },
        delete: (_request, given) => {
          const name = given.toLowerCase();
          if (name === 'default' || name === 'root') {
            throw invalidRequest(`cannot delete ${name} policy`);
          }
          core.setPolicy(namespace, name, undefined);
          return undefined;
        },
      },
    },
    {
      pattern: /^capabilities-self$/,
      operations: { update: capabilities(({ token }) => token!) },
    },
    {
      pattern: /^capabilities$/,
      operations: {
        update: capabilities(({ fields }) =>
          require(core.tokens.find(readText(fields, 'token') ?? '')),
        ),
      },
    },
    {
      pattern: /^capabilities-accessor$/,
      operations: {
        update: capabilities(({ fields }) =>
          require(core.tokens.findByAccessor(
            readText(fields, 'accessor') ?? '',
          )),
        ),
      },
    },
  ];
}

function require(token: TokenRecord | undefined): TokenRecord {
  if (!token) {
    throw new VaultError(400, '1 error occurred:\n\t* invalid token\n\n');
  }
  return token;
}

function describeCapabilities(
  core: VaultCore,
  namespace: string,
  { fields }: BackendRequest,
  token: TokenRecord,
): BackendAnswer {
  const paths = readList(fields, 'paths') ?? readList(fields, 'path') ?? [];
  if (paths.length === 0) {
    throw invalidRequest('paths must be supplied');
  }
  const access = core.accessOf(token);
  const granted = Object.fromEntries(
    paths.map(path => [path, access.capabilities(`${namespace}${path}`)]),
  );
  return {
    data: {
      ...granted,
      ...(paths.length === 1 && { capabilities: granted[paths[0]] }),
    },
  };
}
