/**
 * The end of work on a pod that is gone, going or looked at anew.
 *
 * @internal
 */
export class Stopped extends Error {
  readonly name = 'Stopped';
}
