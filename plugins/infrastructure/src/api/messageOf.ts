/** What the backend said, without the part that names the call. */
export function messageOf(error: unknown): string {
  const { body, message } = error as {
    body?: { error?: { message?: unknown } };
    message?: string;
  };
  const said = body?.error?.message;
  return typeof said === 'string' ? said : message ?? String(error);
}
