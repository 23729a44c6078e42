export { CatalogFollower } from './CatalogFollower';
export type { CatalogFollowerOptions } from './CatalogFollower';
export { ChangeSignals } from './ChangeSignals';
export type { ChangingModel } from './ChangeSignals';
export { readIdentity } from './readIdentity';
export type { EntityIdentity } from './readIdentity';
export { VisibleEntities } from './VisibleEntities';
export type { VisibleScope } from './VisibleEntities';
