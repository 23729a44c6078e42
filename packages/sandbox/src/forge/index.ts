export { createForge } from './createForge';
export type { ForgeOptions } from './createForge';
export type { SystemHook } from './hooks/deliverHooks';
export type { CommitFilesOptions, Forge, PushEvent } from './Forge';
export type { NewCommit } from './git/importCommits';
