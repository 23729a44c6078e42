/**
 * What a backend said of a failed call, without the part that names the call.
 *
 * @param error - such as a ResponseError of `@backstage/errors`
 *
 * @public
 */
export function messageOf(error: unknown): string {
  const { body, message } = (error ?? {}) as {
    body?: { error?: { message?: unknown } };
    message?: string;
  };
  const said = body?.error?.message;
  return typeof said === 'string' ? said : message ?? String(error);
}

/**
 * The HTTP status of a failed call.
 *
 * @public
 */
export function statusOf(error: unknown): number | undefined {
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : undefined;
}
