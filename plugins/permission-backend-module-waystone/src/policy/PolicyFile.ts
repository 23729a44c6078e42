import { readFile } from 'node:fs/promises';
import { unwatchFile, watchFile } from 'node:fs';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { compilePolicy } from './compilePolicy';
import type { AddedMembers, CompiledPolicy } from './compilePolicy';
import { parsePolicy } from './parsePolicy';

/** How often it is looked whether the file changed; a mounted ConfigMap is swapped, which only looking notices. */
const INTERVAL_MS = 2_000;

/**
 * A policy that is read from a file, and read again when the file changes.
 *
 * @internal
 */
export class PolicyFile {
  readonly #path: string;
  readonly #logger: LoggerService;
  #text = '';
  #added: AddedMembers;
  #policy: CompiledPolicy;

  /** @throws Error if the file cannot be read; InputError if it is no policy. */
  static async read(options: {
    readonly path: string;
    readonly added: AddedMembers;
    readonly logger: LoggerService;
  }): Promise<PolicyFile> {
    const text = await readFile(options.path, 'utf8');
    return new PolicyFile(options, text);
  }

  private constructor(
    options: {
      readonly path: string;
      readonly added: AddedMembers;
      readonly logger: LoggerService;
    },
    text: string,
  ) {
    this.#path = options.path;
    this.#logger = options.logger;
    this.#added = options.added;
    this.#text = text;
    this.#policy = compilePolicy(parsePolicy(text, this.#path), this.#added);
  }

  /** The last one that was right. */
  get policy(): CompiledPolicy {
    return this.#policy;
  }

  /**
   * Reads the file again whenever it changes.
   *
   * @param onChange - told when another policy is in force
   * @returns ends the watching
   */
  watch(
    onChange: (policy: CompiledPolicy) => void,
    options: { readonly intervalMs?: number } = {},
  ): () => void {
    const listener = () => {
      void this.#reload(onChange);
    };
    watchFile(
      this.#path,
      { interval: options.intervalMs ?? INTERVAL_MS, persistent: false },
      listener,
    );
    return () => unwatchFile(this.#path, listener);
  }

  async #reload(onChange: (policy: CompiledPolicy) => void): Promise<void> {
    try {
      const text = await readFile(this.#path, 'utf8');
      if (text === this.#text) {
        return;
      }
      this.#policy = compilePolicy(parsePolicy(text, this.#path), this.#added);
      this.#text = text;
      this.#logger.info(`The permission policy ${this.#path} was read again`);
      onChange(this.#policy);
    } catch (error) {
      this.#logger.error(
        'The permission policy was changed but cannot be read; the one before stays in force',
        error as Error,
      );
    }
  }
}
