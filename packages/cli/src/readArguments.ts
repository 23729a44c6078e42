import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './Command';

/**
 * Reads options and at most one folder.
 *
 * @throws UsageError for options that do not exist and for more than one folder.
 */
export function readArguments<
  Options extends NonNullable<ParseArgsConfig['options']>,
>(args: readonly string[], options: Options) {
  try {
    const parsed = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
    });
    if (parsed.positionals.length > 1) {
      throw new UsageError(
        `One folder is expected, not ${parsed.positionals.length}.`,
      );
    }
    return { values: parsed.values, folder: parsed.positionals[0] ?? '.' };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      error instanceof Error ? error.message : String(error),
    );
  }
}
