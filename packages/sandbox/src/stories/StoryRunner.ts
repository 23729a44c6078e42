import { join } from 'node:path';
import { z } from 'zod';
import { readStateFile, writeStateFile } from '../core/stateFiles';
import type { Platform } from '../Platform';
import type { Story } from './Story';

const stateSchema = z.record(z.string(), z.object({ since: z.iso.datetime() }));

/** A story and whether it is under way. @public */
export interface StoryState {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly look: string;
  /** When it was started; undefined if it is not under way. */
  readonly activeSince?: string;
}

/**
 * A story that does not exist, or that is (not) under way when it should (not) be.
 *
 * @public
 */
export class StoryError extends Error {
  constructor(message: string, readonly status: 404 | 409) {
    super(message);
    this.name = 'StoryError';
  }
}

/**
 * Starts and undoes stories, one change at a time, and remembers over a restart which ones are under way.
 *
 * @public
 */
export class StoryRunner {
  readonly #stories: ReadonlyMap<string, Story>;
  readonly #platform: Platform;
  readonly #file: string;
  readonly #active: Map<string, { since: string }>;
  #last: Promise<void> = Promise.resolve();

  static create(platform: Platform, stories: readonly Story[]): StoryRunner {
    return new StoryRunner(platform, stories);
  }

  private constructor(platform: Platform, stories: readonly Story[]) {
    this.#platform = platform;
    this.#stories = new Map(stories.map(story => [story.name, story]));
    this.#file = join(platform.context.stateFolder, 'stories.json');
    const saved = readStateFile(this.#file, stateSchema) ?? {};
    this.#active = new Map(
      Object.entries(saved).filter(([name]) => this.#stories.has(name)),
    );
  }

  list(): StoryState[] {
    return [...this.#stories.values()].map(story => ({
      name: story.name,
      title: story.title,
      summary: story.summary,
      look: story.look,
      activeSince: this.#active.get(story.name)?.since,
    }));
  }

  /** @throws {@link StoryError} if there is no such story, or it is under way already. */
  async start(name: string): Promise<void> {
    await this.#change(async () => {
      const story = this.#find(name);
      if (this.#active.has(name)) {
        throw new StoryError(
          `The story '${name}' is under way already. Undo it first.`,
          409,
        );
      }
      await story.start(this.#platform);
      this.#active.set(name, { since: new Date().toISOString() });
      this.#save();
    });
  }

  /** @throws {@link StoryError} if there is no such story, or it is not under way. */
  async undo(name: string): Promise<void> {
    await this.#change(async () => {
      const story = this.#find(name);
      if (!this.#active.has(name)) {
        throw new StoryError(
          `The story '${name}' is not under way. Start it first.`,
          409,
        );
      }
      await story.undo(this.#platform);
      this.#active.delete(name);
      this.#save();
    });
  }

  #find(name: string): Story {
    const story = this.#stories.get(name);
    if (!story) {
      const known = [...this.#stories.keys()].join(', ');
      throw new StoryError(
        `There is no story '${name}'. There are: ${known}.`,
        404,
      );
    }
    return story;
  }

  /** Stories touch the same things: one after the other, whatever became of the one before. */
  async #change(action: () => Promise<void>): Promise<void> {
    const run = this.#last.then(action);
    this.#last = run.catch(() => {});
    await run;
  }

  #save() {
    writeStateFile(this.#file, Object.fromEntries(this.#active));
  }
}
