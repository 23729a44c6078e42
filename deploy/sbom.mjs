import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** What is shipped: the backend's dependencies as packages, the frontend's compiled into its bundle. */
const SHIPPED = ['packages/backend', 'packages/app'];

/**
 * The bill of materials of what a production installation runs, as CycloneDX 1.6.
 *
 * @param {{ repo: string }} options
 * @returns {object} The document. The same lockfile gives the same document.
 */
export function createSbom({ repo }) {
  const root = readJson(path.join(repo, 'package.json'));
  const documents = SHIPPED.map(folder => ({
    folder,
    document: collect(repo, folder),
  }));
  const [{ document: first }] = documents;
  const main = {
    type: 'application',
    name: root.name,
    version: root.version,
    'bom-ref': `${root.name}@${root.version}`,
    licenses: [{ license: { id: root.license } }],
  };

  const components = new Map();
  const dependencies = new Map();
  const shipped = [];
  for (const { document } of documents) {
    const { component } = document.metadata;
    shipped.push(component['bom-ref']);
    for (const found of [component, ...document.components]) {
      components.set(found['bom-ref'], found);
    }
    for (const { ref, dependsOn = [] } of document.dependencies) {
      const known = dependencies.get(ref) ?? new Set();
      dependsOn.forEach(other => known.add(other));
      dependencies.set(ref, known);
    }
  }
  dependencies.set(main['bom-ref'], new Set(shipped));
  const byName = (a, b) => (a < b ? -1 : 1);
  return {
    ...first,
    metadata: { ...first.metadata, component: main },
    components: [...components.entries()]
      .sort(([a], [b]) => byName(a, b))
      .map(([, component]) => component),
    dependencies: [...dependencies.entries()]
      .sort(([a], [b]) => byName(a, b))
      .map(([ref, others]) => ({
        ref,
        ...(others.size > 0 && { dependsOn: [...others].sort(byName) }),
      })),
  };
}

/** Runs CycloneDX's Yarn plugin for one package. It reads the lockfile and the package archives and changes nothing. */
function collect(repo, folder) {
  const target = fs.mkdtempSync(path.join(os.tmpdir(), 'waystone-sbom-'));
  const file = path.join(target, 'sbom.json');
  try {
    const result = spawnSync(
      process.execPath,
      [
        yarnFile(repo),
        'cyclonedx',
        '--production',
        '--spec-version=1.6',
        '--output-format=JSON',
        '--output-reproducible',
        `--output-file=${file}`,
      ],
      {
        cwd: path.join(repo, folder),
        env: { ...process.env, YARN_PLUGINS: pluginFile(repo) },
        encoding: 'utf8',
      },
    );
    if (result.status !== 0) {
      throw new Error(
        `The bill of materials of ${folder} could not be made. ${
          result.error?.message ?? ''
        }${result.stdout}${result.stderr}`.trim(),
      );
    }
    return readJson(file);
  } finally {
    fs.rmSync(target, { recursive: true, force: true });
  }
}

function pluginFile(repo) {
  const name = '@cyclonedx/yarn-plugin-cyclonedx';
  try {
    const require = createRequire(path.join(repo, 'package.json'));
    return require
      .resolve(name)
      .replace(/[^/\\]+$/, 'yarn-plugin-cyclonedx.cjs');
  } catch (error) {
    throw new Error(
      `${name} is not installed. Install the dependencies first: yarn install`,
      { cause: error },
    );
  }
}

function yarnFile(repo) {
  const folder = path.join(repo, '.yarn', 'releases');
  return path.join(
    folder,
    fs.readdirSync(folder).find(name => /^yarn-.*\.cjs$/.test(name)),
  );
}

function readJson(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

/**
 * What is wrong with a bill of materials, beside what the schema says.
 *
 * @param {any} sbom
 * @returns {string[]}
 */
export function findSbomMistakes(sbom) {
  const mistakes = [];
  if (sbom.bomFormat !== 'CycloneDX' || sbom.specVersion !== '1.6') {
    mistakes.push(
      `It is ${sbom.bomFormat} ${sbom.specVersion}, not CycloneDX 1.6.`,
    );
  }
  const refs = new Set([sbom.metadata.component['bom-ref']]);
  for (const component of sbom.components) {
    const ref = component['bom-ref'];
    if (refs.has(ref)) mistakes.push(`${ref} is listed twice.`);
    refs.add(ref);
    for (const field of ['name', 'version', 'purl']) {
      if (!component[field]) mistakes.push(`${ref} has no ${field}.`);
    }
  }
  for (const { ref, dependsOn = [] } of sbom.dependencies) {
    for (const other of [ref, ...dependsOn]) {
      if (!refs.has(other)) {
        mistakes.push(`${other} is depended on and not listed.`);
      }
    }
  }
  return mistakes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const repo = path.resolve(path.dirname(process.argv[1]), '..');
  const { values } = parseArgs({
    options: {
      output: { type: 'string', default: path.join(repo, 'sbom.json') },
    },
  });
  const sbom = createSbom({ repo });
  const mistakes = findSbomMistakes(sbom);
  if (mistakes.length > 0) {
    console.error(mistakes.join('\n'));
    process.exit(1);
  }
  fs.writeFileSync(values.output, `${JSON.stringify(sbom, null, 2)}\n`);
  const licensed = sbom.components.filter(({ licenses }) => licenses?.length);
  console.log(
    `${values.output}: ${sbom.components.length} components, ${licensed.length} with a licence`,
  );
}
