/**
 * The environments that a change passes through.
 *
 * @packageDocumentation
 */

export type { Environment, Promotion } from './Environment';
export { environmentSchema } from './Environment';
export { Environments } from './Environments';
export { readEnvironments } from './readEnvironments';
export {
  ENVIRONMENTS_ANNOTATION,
  selectEnvironments,
} from './selectEnvironments';
