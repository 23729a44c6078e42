/** What a plugin said of a call, without the part that names the call. */
export function messageOf(error: unknown): string {
  const { body, message } = error as {
    readonly body?: { readonly error?: { readonly message?: unknown } };
    readonly message?: string;
  };
  const said = body?.error?.message;
  return typeof said === 'string' ? said : message ?? String(error);
}

/** Whether a call was answered with a refusal, so that it changed nothing. Otherwise nobody knows. */
export function wasRefused(error: unknown): boolean {
  const { statusCode = 0 } = error as { readonly statusCode?: number };
  return statusCode >= 400 && statusCode < 500;
}
