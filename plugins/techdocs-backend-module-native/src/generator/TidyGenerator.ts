import fs from 'node:fs/promises';
import type {
  GeneratorBase,
  GeneratorRunOptions,
} from '@backstage/plugin-techdocs-node';

/**
 * Removes what a source was unpacked to when its pages are made. TechDocs removes it for `url:` only: what a reader opens
 * from a `dir:` of a repository would leave one copy of it behind with every build.
 */
export class TidyGenerator implements GeneratorBase {
  readonly #inner: GeneratorBase;

  constructor(inner: GeneratorBase) {
    this.#inner = inner;
  }

  async run(options: GeneratorRunOptions): Promise<void> {
    try {
      await this.#inner.run(options);
    } finally {
      // Folders of this machine have another type; they are the author's own
      if (options.parsedLocationAnnotation?.type === 'url') {
        await fs.rm(options.inputDir, { recursive: true, force: true });
      }
    }
  }
}
