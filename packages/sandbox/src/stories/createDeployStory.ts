import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import type { Platform } from '../Platform';
import { applicationName } from '../seed/argoCdObjects';
import type { SeedEnvironment } from '../seed/environments';
import { ORGANISATION } from '../seed/seedForge';
import { readRepositoryFile } from './readRepositoryFile';
import { requestSync } from './requestSync';
import type { Story } from './Story';

const run = promisify(execFile);

/** A Deployment as it is in Git, as far as stories change it. */
export interface DeploymentManifest {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly selector: { matchLabels: Record<string, string> };
    readonly template: {
      readonly metadata: { readonly labels: Record<string, string> };
      readonly spec: PodTemplate;
    };
  };
}

/** @see DeploymentManifest */
export interface PodTemplate {
  readonly securityContext?: object;
  readonly containers: ContainerManifest[];
  initContainers?: object[];
  nodeSelector?: Record<string, string>;
  volumes?: object[];
}

/** @see DeploymentManifest */
export interface ContainerManifest {
  name: string;
  image: string;
  env?: object[];
  volumeMounts?: object[];
  readonly resources: { requests: Record<string, string> };
  securityContext?: object;
}

/** What {@link createDeployStory} takes besides what every story says of itself. */
export interface DeployStoryOptions extends Omit<Story, 'start' | 'undo'> {
  /** The service that it happens to. */
  readonly service: string;
  /** @defaultValue `production` */
  readonly environment?: SeedEnvironment['name'];
  /** The first line of the commit. */
  readonly message: string;
  /** Changes the Deployment. */
  readonly change?: (deployment: DeploymentManifest) => void;
  /** More objects, as file names and manifests; a text is written as it is. */
  readonly files?: (
    deployment: DeploymentManifest,
  ) => Readonly<Record<string, object | string>>;
}

/** A story in which somebody commits something bad and syncs it; undone by taking the commit back. */
export function createDeployStory(options: DeployStoryOptions): Story {
  const { change, environment = 'production', files, ...rest } = options;
  const { message, service, ...story } = rest;
  const folder = `deploy/${environment}`;
  const author = {
    name: 'Maya Okafor',
    email: 'maya.okafor@fernway.example',
  };
  const sync = (platform: Platform) =>
    requestSync(platform, {
      application: applicationName(service, environment),
      person: 'maya.okafor',
    });
  return {
    ...story,
    async start(platform) {
      const path = `${folder}/deployment.yaml`;
      const deployment: DeploymentManifest = parse(
        await readRepositoryFile(platform, service, path),
      );
      const more = files?.(deployment) ?? {};
      change?.(deployment);
      await platform.forge.commitFiles({
        owner: ORGANISATION,
        name: service,
        branch: 'main',
        message,
        author,
        files: {
          ...(change && { [path]: toText(deployment) }),
          ...Object.fromEntries(
            Object.entries(more).map(([name, content]) => [
              `${folder}/${name}`,
              toText(content),
            ]),
          ),
        },
      });
      sync(platform);
    },
    async undo(platform) {
      await platform.forge.commitFiles({
        owner: ORGANISATION,
        name: service,
        branch: 'main',
        message: `Revert "${message}"`,
        author,
        files: await readBefore(platform, service, message),
      });
      sync(platform);
    },
  };
}

/** The end of the tag by which a simulated container behaves badly. */
export function withTag(suffix: string) {
  return ({ spec }: DeploymentManifest) => {
    const [container] = spec.template.spec.containers;
    container.image = `${container.image}-${suffix}`;
  };
}

function toText(content: object | string): string {
  return typeof content === 'string'
    ? content
    : stringify(content, { lineWidth: 120 });
}

/** The files that a commit changed, as they were before it. */
async function readBefore(
  { forge }: Platform,
  service: string,
  message: string,
): Promise<Record<string, string | null>> {
  const cwd = forge.repositoryPath(ORGANISATION, service);
  const git = async (...args: readonly string[]) =>
    (await run('git', [...args], { cwd })).stdout;
  const sha = await findCommit(git, message);
  const paths = (
    await git('diff-tree', '--no-commit-id', '--name-only', '-r', sha)
  )
    .split('\n')
    .filter(path => path !== '');
  const before = await Promise.all(
    paths.map(async path => [
      path,
      await git('show', `${sha}^:${path}`).catch(() => null),
    ]),
  );
  return Object.fromEntries(before);
}

async function findCommit(
  git: (...args: readonly string[]) => Promise<string>,
  message: string,
): Promise<string> {
  const log = await git('log', '--format=%H %s', 'refs/heads/main');
  const line = log.split('\n').find(each => each.slice(41) === message);
  if (!line) {
    throw new Error(`There is no commit '${message}'`);
  }
  return line.slice(0, 40);
}
