import { StatusError } from '../StatusError';
import { badRequest, expired } from '../write/statusErrors';

/** The parameters of lists and watches. @internal */
export interface ListOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit: number;
  readonly continue?: ContinueToken;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
  readonly watch: boolean;
  readonly allowWatchBookmarks: boolean;
  readonly sendInitialEvents: boolean;
  readonly timeoutSeconds?: number;
}

/** Where the next page begins. @internal */
export interface ContinueToken {
  /** The revision of the first page, or -1 to go on with what is there now. */
  readonly revision: number;
  /** The last key of the page before. */
  readonly after: string;
}

/** Reads the parameters of a list or a watch. @throws StatusError 400, 422 */
export function readListOptions(query: URLSearchParams): ListOptions {
  const options = {
    labelSelector: query.get('labelSelector') ?? undefined,
    fieldSelector: query.get('fieldSelector') ?? undefined,
    limit: readInteger(query, 'limit') ?? 0,
    resourceVersion: query.get('resourceVersion') || undefined,
    resourceVersionMatch: query.get('resourceVersionMatch') || undefined,
    watch: readBoolean(query, 'watch'),
    allowWatchBookmarks: readBoolean(query, 'allowWatchBookmarks'),
    sendInitialEvents: readBoolean(query, 'sendInitialEvents'),
    timeoutSeconds: readInteger(query, 'timeoutSeconds'),
  };
  const token = query.get('continue');
  checkCombination(options, query, Boolean(token));
  return { ...options, ...(token && { continue: parseToken(token) }) };
}

/** A token that only this server reads. */
export function formatToken(token: ContinueToken): string {
  return Buffer.from(
    JSON.stringify({
      v: 'meta.k8s.io/v1',
      rv: token.revision,
      start: token.after,
    }),
  ).toString('base64url');
}

/** 410 for pages that cannot be had any more, with a token for what is there now. */
export function continueExpired(after: string): StatusError {
  const error = expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
  const token = formatToken({ revision: -1, after });
  const status = error.toStatus();
  error.toStatus = () => ({ ...status, metadata: { continue: token } });
  return error;
}

/** Reads a resource version. @throws StatusError 400 */
export function parseRevision(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new StatusError({
      code: 400,
      reason: 'BadRequest',
      message: `invalid resource version: resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
    });
  }
  return Number(text);
}

/** 504: the client knows of a revision that the server has not seen. */
export function tooLargeRevision(wanted: number, current: number): StatusError {
  return new StatusError({
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${wanted}, current: ${current}`,
    details: {
      causes: [
        {
          reason: 'ResourceVersionTooLarge',
          message: 'Too large resource version',
        },
      ],
      retryAfterSeconds: 1,
    },
  });
}

function checkCombination(
  options: Omit<ListOptions, 'continue'>,
  query: URLSearchParams,
  continues: boolean,
): void {
  const match = options.resourceVersionMatch;
  const refuse = (field: string, detail: string) => {
    throw new StatusError({
      code: 422,
      reason: 'Invalid',
      message: `ListOptions.meta.k8s.io "" is invalid: ${field}: ${detail}`,
      details: {
        group: 'meta.k8s.io',
        kind: 'ListOptions',
        causes: [
          {
            reason: detail.startsWith('Unsupported')
              ? 'FieldValueNotSupported'
              : 'FieldValueForbidden',
            message: detail,
            field,
          },
        ],
      },
    });
  };
  if (options.watch) {
    if (query.has('sendInitialEvents') && match !== 'NotOlderThan') {
      refuse(
        'resourceVersionMatch',
        'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      );
    }
    if (match && !query.has('sendInitialEvents')) {
      refuse(
        'resourceVersionMatch',
        'Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      );
    }
    return;
  }
  if (query.has('sendInitialEvents')) {
    refuse(
      'sendInitialEvents',
      'Forbidden: sendInitialEvents is forbidden for list',
    );
  }
  if (!match) {
    if (
      continues &&
      options.resourceVersion &&
      options.resourceVersion !== '0'
    ) {
      throw badRequest(
        'specifying resource version is not allowed when using continue',
      );
    }
    return;
  }
  if (continues) {
    refuse(
      'resourceVersionMatch',
      'Forbidden: resourceVersionMatch is forbidden when continue is provided',
    );
  }
  if (!options.resourceVersion) {
    refuse(
      'resourceVersionMatch',
      'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  }
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    refuse(
      'resourceVersionMatch',
      `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`,
    );
  }
  if (match === 'Exact' && options.resourceVersion === '0') {
    refuse(
      'resourceVersionMatch',
      'Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    );
  }
}

function parseToken(text: string): ContinueToken {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Number.isInteger(token.rv) && typeof token.start === 'string') {
      return { revision: token.rv, after: token.start };
    }
  } catch {
    // Not our token: refused below like one of another form.
  }
  throw badRequest(
    'invalid continue token: continue key is not valid: invalid character',
  );
}

/** Go's way of reading a boolean parameter: present and not false is true. */
export function readBoolean(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== 'false' && value !== '0';
}

function readInteger(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') {
    return undefined;
  }
  if (!/^-?\d+$/.test(value)) {
    throw badRequest(`strconv.ParseInt: parsing "${value}": invalid syntax`);
  }
  return Number(value);
}
