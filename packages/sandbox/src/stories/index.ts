import type { Story } from './Story';

/** All stories, in the order in which they are offered. */
export const STORIES: readonly Story[] = [];
