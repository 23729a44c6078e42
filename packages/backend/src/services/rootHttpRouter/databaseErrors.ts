/** Codes of PostgreSQL that mean "cannot be served now, try again". */
const DATABASE_CODES = new Set([
  '25P03', // idle_in_transaction_session_timeout
  '53300', // too_many_connections
  '57014', // query_canceled, by the statement timeout
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
]);

const DATABASE_MESSAGES = [
  /^Knex: Timeout acquiring a connection/,
  /\bConnection terminated\b/,
  /\bQuery read timeout\b/,
  /^timeout expired$/,
  /\bcanceling statement due to statement timeout\b/,
  /\bterminating connection due to\b/,
  /\bthe database system is (starting up|shutting down|in recovery mode|not yet accepting connections)\b/,
  /\btoo many clients already\b/,
  /\bremaining connection slots are reserved\b/,
  /\bClient has encountered a connection error and is not queryable\b/,
];

const NETWORK_CODES =
  /\b(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|UND_ERR_SOCKET)\b/;

interface ErrorLike {
  name?: unknown;
  message?: unknown;
  code?: unknown;
  cause?: unknown;
  errors?: unknown;
}

/**
 * Tells failures that pass by themselves from those that do not.
 *
 * @remarks
 *
 * `database`: PostgreSQL or its pool says so. `network`: some connection was not
 * to be had or was lost, to the database or to another system. The causes of an
 * error count as well.
 *
 * @internal
 */
export function classifyConnectionError(
  error: unknown,
  depth = 0,
): 'database' | 'network' | undefined {
  if (typeof error !== 'object' || error === null || depth > 5) {
    return undefined;
  }
  const { name, message, code, cause, errors } = error as ErrorLike;
  const text = typeof message === 'string' ? message : '';
  const codeText = typeof code === 'string' ? code : '';

  if (
    name === 'KnexTimeoutError' ||
    DATABASE_CODES.has(codeText) ||
    /^08[0-9A-Z]{3}$/.test(codeText) ||
    DATABASE_MESSAGES.some(pattern => pattern.test(text))
  ) {
    return 'database';
  }

  const inner = [cause, ...(Array.isArray(errors) ? errors : [])].map(item =>
    classifyConnectionError(item, depth + 1),
  );
  if (inner.includes('database')) {
    return 'database';
  }
  if (
    NETWORK_CODES.test(codeText) ||
    NETWORK_CODES.test(text) ||
    inner.includes('network')
  ) {
    return 'network';
  }
  return undefined;
}
