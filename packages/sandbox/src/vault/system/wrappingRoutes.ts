import { readText } from '../fields';
import type { BackendRequest, BackendRoute } from '../VaultBackend';
import { invalidRequest } from '../VaultError';
import type { VaultCore } from '../VaultCore';
import type { TokenRecord } from '../VaultState';

/**
 * Answers that are handed over in a token that is good once.
 *
 * @remarks
 * The wrapping itself is done to any answer, where answers are sent.
 */
export function createWrappingRoutes(core: VaultCore): BackendRoute[] {
  /** The token may be given in the body, or be the one that asks. */
  const find = ({ fields, token }: BackendRequest): TokenRecord => {
    const id = readText(fields, 'token');
    const found = id ? core.tokens.find(id) : token;
    if (!found?.wrapping) {
      throw invalidRequest('wrapping token is not valid or does not exist');
    }
    return found;
  };
  return [
    {
      pattern: /^wrapping\/wrap$/,
      operations: { update: ({ fields }) => ({ data: { ...fields } }) },
    },
    {
      pattern: /^wrapping\/lookup$/,
      unauthenticated: true,
      operations: {
        read: request => describe(find(request)),
        update: request => describe(find(request)),
      },
    },
    {
      pattern: /^wrapping\/unwrap$/,
      unauthenticated: true,
      operations: {
        update: request => {
          const token = find(request);
          core.tokens.revokeOrphan(token.accessor);
          return { raw: JSON.parse(token.wrapping!.answer) };
        },
      },
    },
    {
      pattern: /^wrapping\/rewrap$/,
      operations: {
        update: request => {
          const token = find(request);
          core.tokens.revokeOrphan(token.accessor);
          const { answer, path, ttl } = token.wrapping!;
          return { raw: JSON.parse(answer), wrap: { path, ttl } };
        },
      },
    },
  ];
}

function describe(token: TokenRecord) {
  return {
    data: {
      creation_path: token.wrapping!.path,
      creation_time: new Date(token.createdAt).toISOString(),
      creation_ttl: token.wrapping!.ttl,
    },
  };
}
