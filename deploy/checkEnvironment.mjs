import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';

// Loaded before the backend with `node --import`. Backstage reads a ${VARIABLE} that is not set as if the key was not there, so
// that a forgotten one shows up much later and as something else: a database on localhost, a sign-in that does not exist.

/**
 * The environment variables that configuration files need and that are not set.
 *
 * @param {{ files: string[], env: NodeJS.ProcessEnv }} options - `files`: in order; later ones override earlier ones.
 * @returns {{ name: string, file: string, keys: string[] }[]}
 */
export function missingVariables({ files, env }) {
  const { parse } = createRequire(import.meta.url)('yaml');
  /** @type {Map<string, { names: string[], file: string }>} Which key needs which variables. */
  const needs = new Map();

  const forget = key => {
    for (const known of [...needs.keys()]) {
      if (known === key || known.startsWith(`${key}.`)) needs.delete(known);
    }
  };
  const visit = (value, key, file) => {
    if (value && typeof value === 'object' && !Array.isArray(value)) {
      for (const [name, child] of Object.entries(value)) {
        visit(child, key ? `${key}.${name}` : name, file);
      }
      return;
    }
    forget(key);
    if (Array.isArray(value)) {
      value.forEach((child, index) => visit(child, `${key}.${index}`, file));
    } else if (typeof value === 'string') {
      const names = requiredBy(value).filter(name => !env[name]);
      if (names.length > 0) needs.set(key, { names, file });
    }
  };

  for (const file of files)
    visit(parse(fs.readFileSync(file, 'utf8')), '', file);
  for (const name of Object.keys(env)) {
    const [, key] = name.match(/^APP_CONFIG_(.+)$/) ?? [];
    if (key) forget(key.replaceAll('_', '.'));
  }
  const missing = new Map();
  for (const [key, { names, file }] of needs) {
    for (const name of names) {
      const id = `${name} ${file}`;
      if (!missing.has(id)) missing.set(id, { name, file, keys: [] });
      missing.get(id).keys.push(key);
    }
  }
  return [...missing.values()];
}

/** `${NAME}` must be set; `${NAME:-default}` need not; `$${NAME}` is just text. */
function requiredBy(text) {
  return [...text.matchAll(/(\$?)\$\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}/g)]
    .filter(([, escape]) => !escape)
    .map(([, , name]) => name);
}

/** @param {string[]} args @returns {string[]} The values of `--config`. */
function configFiles(args) {
  return args.flatMap((arg, index) => {
    if (arg === '--config') return args[index + 1] ?? [];
    return arg.startsWith('--config=') ? arg.slice('--config='.length) : [];
  });
}

function check() {
  const files = configFiles(process.argv.slice(2)).filter(
    file => !/^https?:/.test(file),
  );
  const absent = files.filter(file => !fs.existsSync(file));
  const lines = [
    ...absent.map(
      file =>
        `There is no configuration file ${path.resolve(
          file,
        )}. Mount it, or correct --config.`,
    ),
    ...missingVariables({
      files: files.filter(file => !absent.includes(file)),
      env: process.env,
    }).map(
      ({ name, file, keys }) =>
        `The environment variable ${name} is not set. ${file} needs it for ${keys.join(
          ' and ',
        )}.`,
    ),
  ];
  if (lines.length === 0) return;
  for (const message of lines) {
    process.stderr.write(
      `${JSON.stringify({
        level: 'error',
        service: 'environment',
        message,
      })}\n`,
    );
  }
  process.exit(78);
}

// Worker threads inherit `--import`.
if (isMainThread && process.argv.some(arg => /^--config(=|$)/.test(arg))) {
  check();
}
