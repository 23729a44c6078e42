/**
 * A failure as Vault answers it: a status and a list of messages, sometimes with data.
 *
 * @internal
 */
export class VaultError extends Error {
  readonly status: number;
  /** The messages of the answer's `errors`; empty for "nothing here". */
  readonly messages: readonly string[];

  constructor(status: number, ...messages: readonly string[]) {
    super(messages.join('; ') || `status ${status}`);
    this.name = 'VaultError';
    this.status = status;
    this.messages = messages;
  }
}

/** What a write that cannot be understood gets. */
export function invalidRequest(message: string): VaultError {
  return new VaultError(400, message);
}

/** What a request gets whose token may not do it, in the words of the real server. */
export function permissionDenied(): VaultError {
  return new VaultError(403, '1 error occurred:\n\t* permission denied\n\n');
}
