import { toError } from '@backstage/errors';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import type {
  CatalogProcessor,
  CatalogProcessorCache,
  CatalogProcessorEmit,
  CatalogProcessorParser,
} from '@backstage/plugin-catalog-node';

/**
 * Reads locations as another processor does, but repeats no lines of a broken file in its errors.
 *
 * @remarks
 *
 * The errors of a location are part of its entity, which everybody may read; the YAML parser adds the lines around a
 * mistake. Owners see those with the problems of their entity.
 */
export class ExcerptFreeReader implements CatalogProcessor {
  readonly #reader: CatalogProcessor;

  constructor(reader: CatalogProcessor) {
    this.#reader = reader;
  }

  getProcessorName(): string {
    return `excerpt-free-${this.#reader.getProcessorName()}`;
  }

  /** Before the processor that it stands in for (20). */
  getPriority(): number {
    return 10;
  }

  async readLocation(
    location: LocationSpec,
    optional: boolean,
    emit: CatalogProcessorEmit,
    parser: CatalogProcessorParser,
    cache: CatalogProcessorCache,
  ): Promise<boolean> {
    return (
      (await this.#reader.readLocation?.(
        location,
        optional,
        emit,
        withoutExcerpts(parser),
        cache,
      )) ?? false
    );
  }
}

function withoutExcerpts(
  parser: CatalogProcessorParser,
): CatalogProcessorParser {
  return async function* parse(options) {
    for await (const result of parser(options)) {
      yield result.type === 'error'
        ? { ...result, error: firstLine(result.error) }
        : result;
    }
  };
}

function firstLine(error: Error): Error {
  const { message, name } = toError(error);
  const [line] = message.split('\n', 1);
  const short = new Error(line.replace(/:$/, ''));
  short.name = name;
  return short;
}
