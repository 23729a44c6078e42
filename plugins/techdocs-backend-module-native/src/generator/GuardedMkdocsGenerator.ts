import type {
  GeneratorBase,
  GeneratorRunOptions,
} from '@backstage/plugin-techdocs-node';
import { refuseUnsafeMkdocs } from './refuseUnsafeMkdocs';

/** MkDocs, kept from configurations that would run code. */
export class GuardedMkdocsGenerator implements GeneratorBase {
  readonly #inner: GeneratorBase;

  constructor(inner: GeneratorBase) {
    this.#inner = inner;
  }

  async run(options: GeneratorRunOptions): Promise<void> {
    await refuseUnsafeMkdocs(options.inputDir);
    await this.#inner.run(options);
  }
}
