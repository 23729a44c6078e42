export { ChangeSignals } from './ChangeSignals';
export type { ChangingModel } from './ChangeSignals';
export { VisibleEntities } from './VisibleEntities';
export type { VisibleScope } from './VisibleEntities';
