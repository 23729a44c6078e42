export { createForge } from './createForge';
export type { ForgeOptions } from './createForge';
export type { CommitFilesOptions, Forge, PushEvent } from './Forge';
export type { NewCommit } from './git/importCommits';
