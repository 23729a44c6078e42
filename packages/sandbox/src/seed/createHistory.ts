import type { SeedEnvironment } from './environments';
import { ENVIRONMENTS } from './environments';
import { createManifests, toFiles } from './manifests';
import type { SeedService } from './readServices';
import { sourceFiles } from './sourceFiles';
import { createVersions, VERSION_COUNT, versionIn } from './versions';

/**
 * One commit of a seeded repository.
 *
 * @public
 */
export interface SeedCommit {
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly date: Date;
  /** Whole text by path. */
  readonly files: Readonly<Record<string, string>>;
}

const DAY = 86_400_000;

const CHANGES = [
  'Return 409 instead of 500 when two requests change the same record',
  'Keep connections to the database for five minutes',
  'Log the trace id with every failed request',
  'Stop retrying requests that were refused',
  'Read the limits from the configuration',
  'Answer the health check before the cache is warm',
  'Give up on slow dependencies after three seconds',
  'Add an index for the nightly export',
  'Validate the currency before the amount',
  'Drop a field that nobody has read since spring',
];

/**
 * The commits of a service's repository: the start from a golden path, then a change and a release for each version,
 * of which development has the newest and production one of two releases before.
 *
 * @param now - the time of the start; the last release is some hours before it
 */
export function createHistory(options: {
  service: SeedService;
  /** The repository's address for people. */
  address: string;
  authors: readonly { readonly name: string; readonly email: string }[];
  random: () => number;
  now: Date;
}): SeedCommit[] {
  const { service, address, authors, random, now } = options;
  const versions = createVersions(random);
  const author = () => authors[Math.floor(random() * authors.length)];
  const start = now.getTime() - (50 + random() * 20) * DAY;
  const end = now.getTime() - (0.1 + random() * 1.5) * DAY;
  const at = (release: number, share: number) =>
    new Date(start + ((end - start) * (release + share)) / VERSION_COUNT);

  const commits: SeedCommit[] = [
    {
      message: `Start ${service.name} from the golden path`,
      author: author(),
      date: new Date(start - DAY),
      files: {
        ...sourceFiles(service, address),
        ...deployFiles(service, versions, 0),
      },
    },
  ];
  for (let release = 1; release < VERSION_COUNT; release++) {
    const change = CHANGES[Math.floor(random() * CHANGES.length)];
    commits.push({
      message: change,
      author: author(),
      date: at(release, 0.55 + random() * 0.2),
      files: {
        'CHANGELOG.md': `# Changes\n\n## ${versions[release]}\n\n- ${change}\n`,
      },
    });
    if (!service.runs) {
      continue;
    }
    commits.push({
      message: `Deploy ${versions[release]} to development`,
      author: { name: 'Fernway CI', email: 'ci@fernway.example' },
      date: at(release, 0.8 + random() * 0.15),
      files: deployFiles(service, versions, release),
    });
  }
  return commits;
}

/** The manifests in every environment after a release. */
function deployFiles(
  service: SeedService,
  versions: readonly string[],
  release: number,
): Record<string, string> {
  return Object.assign(
    {},
    ...(service.runs ? ENVIRONMENTS : []).map(environment =>
      environmentFiles(
        service,
        environment,
        versionIn(environment, versions, release).concat(
          isBroken(service, environment, release) ? '-broken' : '',
        ),
      ),
    ),
  );
}

/** One service does not start in staging, so that something is to be repaired from the beginning. */
function isBroken(
  service: SeedService,
  environment: SeedEnvironment,
  release: number,
): boolean {
  return (
    service.name === 'recommendation-service' &&
    environment.name === 'staging' &&
    release === VERSION_COUNT - 1
  );
}

/** The files of one environment with one version. */
function environmentFiles(
  service: SeedService,
  environment: SeedEnvironment,
  version: string,
): Record<string, string> {
  return toFiles(
    `deploy/${environment.name}`,
    createManifests(service, environment, version),
  );
}
