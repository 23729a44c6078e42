import type { Platform } from '../Platform';

/**
 * Something that happens to the platform, to see how the portal shows it. Every story can be undone.
 *
 * @public
 */
export interface Story {
  /** Such as `bad-deploy`. */
  readonly name: string;
  readonly title: string;
  /** What happens, in one sentence. */
  readonly summary: string;
  /** Where it shows, in one sentence. */
  readonly look: string;
  start(platform: Platform): Promise<void>;
  undo(platform: Platform): Promise<void>;
}
