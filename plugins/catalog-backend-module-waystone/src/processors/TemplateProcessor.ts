import type { Entity } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import type { CatalogProcessor } from '@backstage/plugin-catalog-node';
import { lintTemplate } from '@waystone/plugin-golden-paths-common';
import type { LintOptions } from '@waystone/plugin-golden-paths-common';

/** How many reasons are given. */
const MOST_REASONS = 10;

/**
 * Refuses templates of the scaffolder that the linter refuses. A version that was accepted before stays, and owners are told why
 * the new one was not.
 */
export class TemplateProcessor implements CatalogProcessor {
  readonly #options: LintOptions;

  /** @param options - what templates may use in this portal */
  constructor(options: LintOptions) {
    this.#options = options;
  }

  getProcessorName(): string {
    return 'TemplateProcessor';
  }

  async postProcessEntity(entity: Entity): Promise<Entity> {
    if (entity.kind.toLocaleLowerCase('en-US') !== 'template') {
      return entity;
    }
    const problems = lintTemplate(entity, this.#options);
    if (problems.length > 0) {
      const reasons = problems
        .slice(0, MOST_REASONS)
        .map(({ field, message }) => `${field}: ${message}`);
      throw new InputError(
        `The template is not taken, because it could do harm. ${reasons.join(
          '; ',
        )}${problems.length > MOST_REASONS ? '; and more' : ''}`,
      );
    }
    return entity;
  }
}
