/**
 * A failure in the words of Alertmanager. With a `code` of its own the body is an object, else a JSON string, and
 * without a message there is no body.
 *
 * @internal
 */
export class AlertmanagerError extends Error {
  readonly status: number;
  readonly code?: number;

  constructor(status: number, message: string, code?: number) {
    super(message);
    this.name = 'AlertmanagerError';
    this.status = status;
    this.code = code;
  }

  /** The body of the answer. */
  get body(): string {
    if (this.code !== undefined) {
      return JSON.stringify({ code: this.code, message: this.message });
    }
    return this.message ? JSON.stringify(this.message) : '';
  }
}
