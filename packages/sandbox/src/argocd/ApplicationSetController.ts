import { posix } from 'node:path';
import type {
  KubernetesCluster,
  KubernetesObject,
} from '../kubernetes/KubernetesCluster';
import {
  APPLICATION_SET_TYPE,
  APPLICATION_TYPE,
  kubernetesTime,
} from './ApplicationTypes';
import { fillTemplate } from './fillTemplate';
import type { TemplateParameters } from './fillTemplate';
import type { GitRepositories } from './git/GitRepositories';
import { refOf } from './live/ResourceKey';
import { mergePatchBetween } from './mergePatchBetween';
import { isJsonObject, stableStringify } from './rendering/Json';
import { matchesGlob } from './rendering/matchesGlob';

/** How often Git generators are asked anew, in milliseconds. */
const INTERVAL = 180_000;

/**
 * Makes Applications from ApplicationSets with list generators and Git generators of directories.
 *
 * @internal
 */
export class ApplicationSetController {
  readonly #home: KubernetesCluster;
  readonly #repositories: GitRepositories;
  readonly #log: (message: string) => void;
  #unwatch: () => void = () => {};
  #timer?: NodeJS.Timeout;

  constructor(options: {
    home: KubernetesCluster;
    repositories: GitRepositories;
    log(message: string): void;
  }) {
    this.#home = options.home;
    this.#repositories = options.repositories;
    this.#log = options.log;
  }

  start() {
    this.#unwatch = this.#home.watch(
      APPLICATION_SET_TYPE,
      ({ type, object, previous }) => {
        if (
          type !== 'DELETED' &&
          !object.metadata.deletionTimestamp &&
          stableStringify(previous?.spec) !== stableStringify(object.spec)
        ) {
          void this.#reconcile(object);
        }
      },
    );
    this.#timer = setInterval(() => this.refresh(), INTERVAL);
    this.#timer.unref();
  }

  stop() {
    this.#unwatch();
    clearInterval(this.#timer);
  }

  /** Looks at all of them again. */
  refresh() {
    for (const set of this.#home.list(APPLICATION_SET_TYPE)) {
      void this.#reconcile(set);
    }
  }

  async #reconcile(set: KubernetesObject) {
    let failure: string | undefined;
    try {
      const parameters = await this.#generate(set);
      this.#apply(set, parameters);
    } catch (error) {
      failure = (error as Error).message;
      this.#log(`ApplicationSet ${set.metadata.name}: ${failure}`);
    }
    this.#saveStatus(set, failure);
  }

  async #generate(set: KubernetesObject): Promise<TemplateParameters[]> {
    const results: TemplateParameters[] = [];
    for (const generator of set.spec?.generators ?? []) {
      if (generator.list) {
        results.push(...(generator.list.elements ?? []));
      } else if (generator.git?.directories) {
        results.push(...(await this.#findDirectories(generator.git, set)));
      } else {
        throw new Error(
          `the sandbox has list generators and git generators of directories, not ${Object.keys(
            generator,
          ).join(', ')}`,
        );
      }
    }
    return results;
  }

  async #findDirectories(
    git: {
      repoURL: string;
      revision?: string;
      directories: { path: string; exclude?: boolean }[];
      values?: Record<string, string>;
    },
    set: KubernetesObject,
  ): Promise<TemplateParameters[]> {
    await this.#repositories.update(git.repoURL);
    const commit = await this.#repositories.resolveRevision(
      git.repoURL,
      git.revision ?? 'HEAD',
    );
    const tree = await this.#repositories.readTree(git.repoURL, commit);
    const folders: string[] = [];
    const visit = (folder: string) => {
      for (const name of tree.list(folder)) {
        const path = posix.join(folder, name);
        if (tree.isFolder(path) && !name.startsWith('.')) {
          folders.push(path);
          visit(path);
        }
      }
    };
    visit('');
    return folders
      .filter(
        folder =>
          git.directories.some(
            ({ path, exclude }) => !exclude && matchesGlob(path, folder),
          ) &&
          !git.directories.some(
            ({ path, exclude }) => exclude && matchesGlob(path, folder),
          ),
      )
      .map(folder =>
        directoryParameters(folder, set.spec?.goTemplate, git.values),
      );
  }

  #apply(set: KubernetesObject, parameters: readonly TemplateParameters[]) {
    const { goTemplate = false, template, syncPolicy } = set.spec ?? {};
    const wanted = parameters.map(values => {
      const filled = fillTemplate(template, values, goTemplate);
      if (!isJsonObject(filled)) {
        throw new Error('the template is not an object');
      }
      return toApplication(set, filled);
    });
    for (const application of wanted) {
      const existing = this.#home.get(refOf(application));
      if (!existing) {
        this.#home.create(application);
        continue;
      }
      const patch = mergePatchBetween(
        {
          spec: existing.spec,
          metadata: { labels: existing.metadata.labels },
        },
        JSON.parse(
          JSON.stringify({
            spec: application.spec,
            metadata: { labels: application.metadata.labels },
          }),
        ),
      );
      if (patch && syncPolicy?.applicationsSync !== 'create-only') {
        this.#home.patch(refOf(existing), patch);
      }
    }
    const names = new Set(wanted.map(({ metadata }) => metadata.name));
    const mayDelete =
      !syncPolicy?.applicationsSync ||
      ['sync', 'create-delete'].includes(syncPolicy.applicationsSync);
    for (const application of this.#home.list(APPLICATION_TYPE, {
      namespace: set.metadata.namespace,
    })) {
      const owned = application.metadata.ownerReferences?.some(
        ({ uid }) => uid === set.metadata.uid,
      );
      if (owned && mayDelete && !names.has(application.metadata.name)) {
        this.#home.delete(refOf(application));
      }
    }
  }

  #saveStatus(set: KubernetesObject, failure: string | undefined) {
    const current = this.#home.get(refOf(set));
    if (!current) {
      return;
    }
    const condition = (type: string, status: boolean, reason: string) => ({
      type,
      status: status ? 'True' : 'False',
      reason,
      message:
        failure ?? 'Successfully generated parameters for all Applications',
    });
    const conditions = [
      condition(
        'ErrorOccurred',
        failure !== undefined,
        failure === undefined
          ? 'ApplicationSetUpToDate'
          : 'ApplicationGenerationFromParamsError',
      ),
      condition(
        'ParametersGenerated',
        failure === undefined,
        failure === undefined ? 'ParametersGenerated' : 'ErrorOccurred',
      ),
      condition(
        'ResourcesUpToDate',
        failure === undefined,
        failure === undefined ? 'ApplicationSetUpToDate' : 'ErrorOccurred',
      ),
    ].map(item => {
      const before = (current.status?.conditions ?? []).find(
        (other: typeof item) =>
          other.type === item.type &&
          other.status === item.status &&
          other.message === item.message,
      );
      return {
        ...item,
        lastTransitionTime: before?.lastTransitionTime ?? kubernetesTime(),
      };
    });
    this.#home.patch(
      refOf(current),
      { status: { conditions } },
      { subresource: 'status' },
    );
  }
}

function toApplication(
  set: KubernetesObject,
  filled: { [field: string]: any },
): KubernetesObject {
  return {
    ...APPLICATION_TYPE,
    metadata: {
      ...filled.metadata,
      namespace: set.metadata.namespace,
      ownerReferences: [
        {
          ...APPLICATION_SET_TYPE,
          name: set.metadata.name!,
          uid: set.metadata.uid!,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: filled.spec,
  };
}

function directoryParameters(
  folder: string,
  goTemplate: boolean | undefined,
  values: Record<string, string> = {},
): TemplateParameters {
  const segments = folder.split('/');
  const basename = segments.at(-1)!;
  const normalized = basename.toLowerCase().replace(/[^a-z0-9-.]/g, '-');
  if (goTemplate) {
    return {
      path: {
        path: folder,
        basename,
        basenameNormalized: normalized,
        segments,
      },
      ...(Object.keys(values).length > 0 && { values }),
    };
  }
  return {
    path: folder,
    'path.basename': basename,
    'path.basenameNormalized': normalized,
    ...Object.fromEntries(
      segments.map((segment, index) => [`path[${index}]`, segment]),
    ),
    ...Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`values.${name}`, value]),
    ),
  };
}
