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
import { runGenerators } from './generators/runGenerators';
import type { GitRepositories } from './git/GitRepositories';
import { refOf } from './live/ResourceKey';
import { mergePatchBetween } from './mergePatchBetween';
import { isJsonObject, stableStringify } from './rendering/Json';

/** How often Git generators are asked anew, in milliseconds. */
const INTERVAL = 180_000;

/**
 * Makes Applications from ApplicationSets with generators of lists, of directories in Git, of repositories of a Gitea, and of two of
 * these multiplied.
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

  #generate(set: KubernetesObject): Promise<TemplateParameters[]> {
    return runGenerators(set.spec?.generators ?? [], {
      home: this.#home,
      repositories: this.#repositories,
      namespace: set.metadata.namespace ?? '',
      goTemplate: set.spec?.goTemplate ?? false,
    });
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
