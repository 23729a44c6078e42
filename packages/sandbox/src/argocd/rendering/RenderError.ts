/**
 * A source that cannot be rendered, with a message for people.
 *
 * @internal
 */
export class RenderError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RenderError';
  }
}
