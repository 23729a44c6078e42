import type {
  LoggerService,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import {
  describeStack,
  parseStacks,
} from '@waystone/plugin-catalog-checks-common';
import type { Stack } from '@waystone/plugin-catalog-checks-common';
import type { OverviewStack } from '@waystone/plugin-catalog-overview-common';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const KEY = 'waystone.catalog.stacks';

/** How long what was read is kept. */
const KEPT_MS = 60_000;

/** A version that is not approved, as the problems need it. */
export interface StackRule {
  /** As the catalog's search table has it: in lower case. */
  readonly stack: string;
  readonly id: 'stack-deprecated' | 'stack-end-of-life';
  readonly detail: string;
}

/** Reads which technologies are approved, and which are on their way out. */
export class StacksReader {
  readonly #file: string | undefined;
  readonly #logger: LoggerService;
  #kept: { at: number; stacks: readonly Stack[] } = { at: 0, stacks: [] };

  /** The path in the configuration is relative to the working folder, as those of catalog locations are. */
  static fromConfig(
    config: RootConfigService,
    options: { readonly logger: LoggerService },
  ): StacksReader {
    return new StacksReader(config.getOptionalString(KEY), options.logger);
  }

  private constructor(file: string | undefined, logger: LoggerService) {
    this.#file = file === undefined ? undefined : resolve(file);
    this.#logger = logger;
  }

  /** None without a file; those of before while it can't be read. */
  async read(): Promise<readonly StackRule[]> {
    return (await this.#stacks()).flatMap(toRules);
  }

  /** What is known of the stack that an entity names, as in `java@21.0.2`: of the version `21`. */
  async describe(annotation: string): Promise<OverviewStack> {
    const [name, version] = annotation.toLocaleLowerCase('en-US').split('@');
    const stack = (await this.#stacks()).find(known => known.name === name);
    const [found] = (stack?.versions ?? [])
      .filter(
        known =>
          version === known.version || version?.startsWith(`${known.version}.`),
      )
      .sort((a, b) => b.version.length - a.version.length);
    return {
      title: stack?.title ?? name,
      version,
      state: found?.state,
      date: found?.date,
      replacement:
        found && found.state !== 'approved' ? stack?.replacement : undefined,
    };
  }

  async #stacks(): Promise<readonly Stack[]> {
    if (!this.#file || Date.now() - this.#kept.at < KEPT_MS) {
      return this.#kept.stacks;
    }
    try {
      const stacks = parseStacks(await readFile(this.#file, 'utf8'));
      this.#kept = { at: Date.now(), stacks };
    } catch (error) {
      this.#kept = { ...this.#kept, at: Date.now() };
      this.#logger.error(
        `The file of '${KEY}' could not be read`,
        toError(error),
      );
    }
    return this.#kept.stacks;
  }
}

function toRules(stack: Stack): StackRule[] {
  return stack.versions.flatMap(version =>
    version.state === 'approved'
      ? []
      : [
          {
            stack: `${stack.name}@${version.version}`,
            id:
              version.state === 'deprecated'
                ? ('stack-deprecated' as const)
                : ('stack-end-of-life' as const),
            detail: describeStack(stack, version),
          },
        ],
  );
}
