import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const FIELDS = ['advisory', 'package', 'reason', 'date', 'review'];
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * @typedef {object} Acceptance
 * @property {string} advisory
 * @property {string[]} [aliases] - Other ids of the same weakness.
 * @property {string} package
 * @property {string} reason
 * @property {string} date
 * @property {string} review - The last day on which it holds.
 */

/**
 * Reads deploy/audit-accepted.yaml.
 *
 * @param {string} repo
 * @param {string} [today] - As YYYY-MM-DD.
 * @returns {{ accepted: Acceptance[], problems: string[] }} `problems`: entries that are incomplete or no longer hold.
 */
export function readAccepted(
  repo,
  today = new Date().toISOString().slice(0, 10),
) {
  const { parse } = createRequire(path.join(repo, 'package.json'))('yaml');
  const file = 'deploy/audit-accepted.yaml';
  const accepted = parse(fs.readFileSync(path.join(repo, file), 'utf8')) ?? [];
  const problems = [];
  for (const entry of accepted) {
    const name = `${file}: ${entry.advisory} of ${entry.package}`;
    const missing = FIELDS.filter(field => !entry[field]);
    if (missing.length > 0) {
      problems.push(`${name} has no ${missing.join(' and no ')}.`);
    } else if (!DATE.test(entry.date) || !DATE.test(entry.review)) {
      problems.push(`${name}: dates are written YYYY-MM-DD.`);
    } else if (entry.review < today) {
      problems.push(
        `${name} was accepted until ${entry.review}. Update the package, or look at the reason again and set a new date.`,
      );
    }
  }
  return { accepted, problems };
}

/**
 * @param {Acceptance[]} accepted
 * @param {string} packageName
 * @param {string[]} ids
 * @returns {Acceptance | undefined}
 */
export function findAcceptance(accepted, packageName, ids) {
  return accepted.find(
    entry =>
      entry.package === packageName &&
      [entry.advisory, ...(entry.aliases ?? [])].some(id => ids.includes(id)),
  );
}
