import fs from 'node:fs';
import path from 'node:path';
import { FileConfigSource, loadConfigSchema } from '@backstage/config-loader';
import { findMistakes, hasPath, mergeConfigs } from './configMistakes.mjs';

/**
 * Reads a request on its input and writes the mistakes in the configuration, as one line of JSON, to its output.
 */
async function main() {
  const request = JSON.parse(fs.readFileSync(0, 'utf8'));
  const { repo, files, fillMissing } = request;
  const name = file => path.relative(repo, file);
  const lines = [];
  const configs = [];

  for (const file of files) {
    const text = fs.readFileSync(file, 'utf8');
    const missing = new Set();
    const source = FileConfigSource.create({
      path: file,
      watch: false,
      substitutionFunc: async variable => {
        const value = process.env[variable]?.trim();
        if (value) return value;
        if (!isRequired(text, variable)) return undefined;
        if (fillMissing) return placeholder(variable);
        missing.add(variable);
        return undefined;
      },
    });
    try {
      for await (const { configs: read } of source.readConfigData()) {
        configs.push(...read.map(({ data }) => ({ file: name(file), data })));
        break;
      }
    } catch (error) {
      lines.push(`${name(file)}: cannot be read: ${oneLine(error.message)}`);
    }
    for (const variable of missing) {
      lines.push(
        `${name(
          file,
        )}: the environment variable ${variable} is not set; set it, or give a default: \${${variable}:-value}`,
      );
    }
  }

  const schema = await readSchema(request);
  const { schemas } = schema.serialize();
  const merged = mergeConfigs(configs.map(({ data }) => data));
  const mistakes = findMistakes(
    schemas.map(({ value }) => value),
    merged,
  );
  if (mistakes.length === 0 && lines.length === 0) {
    mistakes.push(...schemaMistakes(schema, configs));
  }
  for (const { path: keys, text } of mistakes) {
    // Already said, by the name of the variable that leaves the key out.
    if (lines.length > 0 && text === 'is missing') continue;
    // The last file that sets a key is the one that counts; a missing key has only its parent.
    const file =
      [...configs].reverse().find(({ data }) => hasPath(data, keys)) ??
      [...configs]
        .reverse()
        .find(({ data }) => hasPath(data, keys.slice(0, -1)));
    lines.push(
      `${file?.file ?? name(files[0])}: ${
        keys.join('.') || '(top level)'
      }: ${text}`,
    );
  }
  process.stdout.write(`\n${JSON.stringify(lines)}\n`);
}

async function readSchema({ repo, packages, schemaFile, schemaHash }) {
  try {
    const kept = JSON.parse(fs.readFileSync(schemaFile, 'utf8'));
    if (kept.hash === schemaHash) {
      return await loadConfigSchema({ serialized: kept.serialized });
    }
  } catch {
    // Not kept yet, or damaged: read anew.
  }
  const schema = await loadConfigSchema({
    dependencies: packages,
    packagePaths: [path.join(repo, 'package.json')],
    onSchemaError: error => process.stderr.write(`${error.message}\n`),
  });
  fs.mkdirSync(path.dirname(schemaFile), { recursive: true });
  fs.writeFileSync(
    schemaFile,
    JSON.stringify({ hash: schemaHash, serialized: schema.serialize() }),
  );
  return schema;
}

/** What only the schema validator knows: patterns, enums, alternatives. */
function schemaMistakes(schema, configs) {
  try {
    schema.process(configs.map(({ file, data }) => ({ context: file, data })));
    return [];
  } catch (error) {
    if (!error.messages) throw error;
    return error.messages.map(message => {
      const [, text, details, pointer] =
        /^Config (.*?) \{ (.*) \} at (.*)$/.exec(message) ?? [];
      return {
        path: (pointer ?? '').split('/').filter(Boolean),
        text: text ? `${text} (${details})` : message,
      };
    });
  }
}

/** A variable with a default (`${NAME:-value}`) need not be set. */
function isRequired(text, variable) {
  return new RegExp(
    `\\$\\{\\s*${variable}\\s*\\}|\\$env:\\s*['"]?${variable}\\b`,
  ).test(text);
}

/** Stands for a value that is set elsewhere, in a form that most keys accept. */
function placeholder(variable) {
  if (/PORT$/.test(variable)) return '5432';
  if (/URL|ISSUER|ENDPOINT/.test(variable)) return 'https://waystone.example';
  return 'placeholder';
}

function oneLine(text) {
  return text.split('\n')[0].trim();
}

await main();
