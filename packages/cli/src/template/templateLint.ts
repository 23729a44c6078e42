import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  lintTemplate,
  lintText,
  standardActions,
} from '@waystone/plugin-golden-paths-common';
import { parse } from 'yaml';
import { UsageError } from '../Command';
import type { Command } from '../Command';
import { readArguments } from '../readArguments';

interface Found {
  readonly file: string;
  readonly field?: string;
  readonly rule: string;
  readonly message: string;
}

/** `waystone template lint`: what must not be in a template, before it is registered. */
export const templateLint: Command = {
  path: ['template', 'lint'],
  summary: 'Finds what must not be in a template of the scaffolder.',
  help: `Usage: waystone template lint [folder] [options]

  folder            templates, with their skeletons. Default: this one
  --action <id>     an action that is allowed beside the standard ones; may be repeated, and end in :*
  --filter <name>   a filter that the portal has; may be repeated
  --json            print the problems as JSON

Refuses regular expressions that can take for ever, filters that do not exist, actions that are not allowed, paths that
lead out of the workspace, and loops without an end.

Exit codes: 0 nothing was found, 1 something was, 2 wrong use.`,
  async run(args, terminal) {
    const { values, folder } = readArguments(args, {
      action: { type: 'string', multiple: true, default: [] },
      filter: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    });
    const root = path.resolve(terminal.workingDirectory, folder);
    const options = {
      actions: [...standardActions, ...values.action],
      filters: values.filter,
    };
    const found: Found[] = [];
    let templates = 0;
    for (const file of await listFiles(root)) {
      const text = await readFile(path.join(root, file), 'utf8');
      const entity = /\.ya?ml$/.test(file) ? parseTemplate(text) : undefined;
      if (entity) {
        templates += 1;
        found.push(
          ...lintTemplate(entity, options).map(problem => ({
            file,
            ...problem,
          })),
        );
      } else if (!file.includes('workflows/')) {
        found.push(
          ...lintText(text, options).map(problem => ({ file, ...problem })),
        );
      }
    }
    if (templates === 0) {
      throw new UsageError(`There is no template in ${root}`);
    }
    terminal.write(
      values.json
        ? `${JSON.stringify(found, undefined, 2)}\n`
        : found
            .map(
              ({ field, file, message, rule }) =>
                `${file}${
                  field ? ` ${field}` : ''
                }\n    ${message}  [${rule}]\n`,
            )
            .join(''),
    );
    return found.length > 0 ? 1 : 0;
  },
};

function parseTemplate(text: string): unknown {
  if (!/^kind: Template$/m.test(text)) {
    return undefined;
  }
  try {
    return parse(text);
  } catch {
    // A skeleton may have a template in it that is none yet
    return undefined;
  }
}

/** Paths of files, without what others have installed. */
async function listFiles(root: string, folder = ''): Promise<string[]> {
  const entries = await readdir(path.join(root, folder), {
    withFileTypes: true,
  });
  const lists = await Promise.all(
    entries
      .filter(({ name }) => name !== 'node_modules' && name !== '.git')
      .map(async entry => {
        const file = path.posix.join(folder, entry.name);
        if (entry.isDirectory()) {
          return listFiles(root, file);
        }
        return entry.isFile() ? [file] : [];
      }),
  );
  return lists.flat().sort();
}
