/**
 * A reason not to start that the reader can act on: a bad setting, a broken file, a taken port.
 *
 * @remarks
 * Its message is meant to be shown as it is, without a stack.
 *
 * @public
 */
export class SandboxStartError extends Error {
  readonly name = 'SandboxStartError';
}
