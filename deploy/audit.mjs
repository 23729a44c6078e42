import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findAcceptance, readAccepted } from './acceptedAdvisories.mjs';

/** Findings of these severities must be fixed or accepted; others are reported. */
const SERIOUS = new Set(['high', 'critical']);
const TIMEOUT_MS = 60_000;

/**
 * Asks the registry for published weaknesses of everything in the lockfile.
 *
 * @param {{ repo: string }} options
 * @returns {{ problems: string[], reported: string[], unchecked?: string }} `problems` must be dealt with. `unchecked`: why the registry could not be asked.
 */
export function audit({ repo }) {
  const { accepted, problems } = readAccepted(repo);
  const { findings, unchecked } = askRegistry(repo);
  const reported = [];
  for (const {
    package: name,
    ids,
    severity,
    title,
    versions,
    range,
  } of findings) {
    const acceptance = findAcceptance(accepted, name, ids);
    const text = `${severity}: ${name} ${versions.join(
      ', ',
    )} (${range}): ${title} ${ids.join(' ')}`;
    if (acceptance) {
      reported.push(`${text}, accepted until ${acceptance.review}`);
    } else if (SERIOUS.has(severity)) {
      problems.push(
        `${text}. Update it (a fixed version younger than the age gate: npmPreapprovedPackages in .yarnrc.yml), or accept it in deploy/audit-accepted.yaml.`,
      );
    } else {
      reported.push(text);
    }
  }
  return { problems, reported, unchecked };
}

function askRegistry(repo) {
  const folder = path.join(repo, '.yarn', 'releases');
  const yarn = fs.readdirSync(folder).find(name => /^yarn-.*\.cjs$/.test(name));
  const { error, status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      path.join(folder, yarn),
      ...[
        'npm',
        'audit',
        '--all',
        '--recursive',
        '--no-deprecations',
        '--json',
      ],
    ],
    {
      cwd: repo,
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  // Without findings Yarn says nothing and succeeds; with findings it fails, as it does when the registry does not answer.
  if (status === 0 && !stdout.trim()) return { findings: [] };
  try {
    const findings = stdout.trim().split('\n').filter(Boolean).map(readFinding);
    if (findings.length > 0) return { findings };
  } catch {
    // Not findings, but an error message: below.
  }
  const [reason] =
    /Response Code: .*|Response code \d+[^,\n]*|ENOTFOUND|ECONNREFUSED|ETIMEDOUT/.exec(
      `${stdout}${stderr}`,
    ) ?? [];
  return {
    findings: [],
    unchecked: error?.code ?? reason ?? `Yarn ended with ${status}`,
  };
}

/** @param {string} line - `{ value: <package>, children: { ID, Issue, URL, Severity, … } }` */
function readFinding(line) {
  const { value, children } = JSON.parse(line);
  const [ghsa] = /GHSA(-[a-z0-9]{4}){3}/.exec(children.URL ?? '') ?? [];
  return {
    package: value,
    ids: [...(ghsa ? [ghsa] : []), String(children.ID)],
    severity: children.Severity,
    title: children.Issue,
    range: children['Vulnerable Versions'],
    versions: children['Tree Versions'] ?? [],
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { problems, reported, unchecked } = audit({
    repo: path.resolve(path.dirname(process.argv[1]), '..'),
  });
  reported.forEach(line => console.log(`- ${line}`));
  problems.forEach(line => console.log(`✗ ${line}`));
  if (unchecked) {
    console.log(
      `The audit could not be made: the registry does not answer it (${unchecked}).`,
    );
  } else if (problems.length === 0) {
    console.log('No serious finding that is not accepted.');
  }
  process.exit(problems.length > 0 ? 1 : 0);
}
