/**
 * A refusal that the forge answers with.
 *
 * @internal
 */
export class ForgeError extends Error {
  name = 'ForgeError' as const;
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  static notFound(): ForgeError {
    return new ForgeError(404, 'not found');
  }

  static invalid(message: string): ForgeError {
    return new ForgeError(422, message);
  }
}
