import { z } from 'zod';
import { readStateFile, writeStateFile } from '../../core/stateFiles';
import type { KubernetesObject } from '../KubernetesCluster';
import { matchesLabels } from './labelSelector';
import type { EnvironmentSource } from './missingReferences';

/**
 * How a container behaves.
 *
 * - `healthy`: starts, becomes ready and stays so.
 * - `slow-start`: needs 20 to 30 seconds to become ready.
 * - `unready`: runs, but its readiness probe fails.
 * - `crash`: ends with exit code 1 and a stack trace soon after each start.
 * - `out-of-memory`: is killed for its memory use (`OOMKilled`, 137) some seconds after each start.
 * - `database-down`: runs, fails its readiness probe and logs refused connections to its database.
 * - `certificate-expired`: the same, and logs that a certificate has expired.
 * - `hung`: no longer answers its liveness probe some time after each start, and is killed.
 *
 * @public
 */
export type PodBehaviour = (typeof BEHAVIOURS)[number];

const BEHAVIOURS = [
  'healthy',
  'slow-start',
  'unready',
  'crash',
  'out-of-memory',
  'database-down',
  'certificate-expired',
  'hung',
] as const;

/**
 * The environment variable that says how a container behaves: one of the names of {@link PodBehaviour}.
 *
 * @public
 */
export const CRASH_VARIABLE = 'SANDBOX_CRASH';

/** Ends of image tags, as a bad build might be called, such as `2.8.0-broken`. */
const BY_TAG: Readonly<Record<string, PodBehaviour>> = {
  broken: 'crash',
  oom: 'out-of-memory',
  unready: 'unready',
  slow: 'slow-start',
  expired: 'certificate-expired',
  hung: 'hung',
};

/** Registries that the simulated nodes can reach. */
const REGISTRIES = [
  'registry.fernway.example',
  'docker.io',
  'ghcr.io',
  'quay.io',
  'gcr.io',
  'registry.k8s.io',
  'public.ecr.aws',
  'mcr.microsoft.com',
  'localhost',
];

/**
 * What of a container decides how it behaves.
 *
 * @internal
 */
export interface BehavingContainer {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: EnvironmentSource;
  }[];
}

/**
 * An image reference in its parts.
 *
 * @internal
 */
export interface ImageReference {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest?: string;
}

/** Splits an image reference, with Docker's defaults for what it leaves out. */
export function parseImage(image: string): ImageReference {
  const [name, digest] = image.split('@');
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(0, slash));
  const hasRegistry = /[.:]/.test(first) || first === 'localhost';
  const registry = hasRegistry ? first : 'docker.io';
  const path = hasRegistry ? name.slice(slash + 1) : name;
  const colon = path.lastIndexOf(':');
  const repository = colon > 0 ? path.slice(0, colon) : path;
  return {
    registry,
    repository:
      registry === 'docker.io' && !repository.includes('/')
        ? `library/${repository}`
        : repository,
    tag: colon > 0 ? path.slice(colon + 1) : 'latest',
    ...(digest && { digest }),
  };
}

/** Why an image cannot be pulled, in the words of the container runtime; undefined if it can. */
export function pullProblem(image: string): string | undefined {
  const { registry, repository, tag } = parseImage(image);
  const full = `${registry}/${repository}:${tag}`;
  if (!REGISTRIES.includes(registry.split(':')[0])) {
    return `failed to pull and unpack image "${full}": failed to resolve reference "${full}": failed to do request: Head "https://${registry}/v2/${repository}/manifests/${tag}": dial tcp: lookup ${registry} on 10.96.0.10:53: no such host`;
  }
  return /(^|-)does-not-exist$/.test(tag)
    ? `rpc error: code = NotFound desc = failed to pull and unpack image "${full}": failed to resolve reference "${full}": ${full}: not found`
    : undefined;
}

/** Pods of a namespace, all or those with the labels. @public */
export interface PodSelection {
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const savedSchema = z.record(
  z.string(),
  z.object({
    namespace: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
    behaviour: z.enum(BEHAVIOURS),
    since: z.number(),
  }),
);

type SetBehaviour = z.infer<typeof savedSchema>[string];

/**
 * Decides how containers behave: first what was set here for running pods, then the environment variable
 * `SANDBOX_CRASH`, then the end of the image's tag; otherwise they are healthy.
 *
 * @remarks
 * These are all the ways in which simulated pods fail:
 *
 * | what | by | shows as |
 * |---|---|---|
 * | tag `does-not-exist` or `<version>-does-not-exist` | image | ErrImagePull, ImagePullBackOff |
 * | a registry that the nodes do not know | image | ErrImagePull, ImagePullBackOff |
 * | tag `<version>-broken`, `SANDBOX_CRASH=crash` | image, env | CrashLoopBackOff, exit code 1, stack trace |
 * | tag `<version>-oom`, `SANDBOX_CRASH=out-of-memory` | image, env | CrashLoopBackOff, OOMKilled, 137 |
 * | tag `<version>-unready`, `SANDBOX_CRASH=unready` | image, env | Running, not ready, Unhealthy events |
 * | `SANDBOX_CRASH=database-down` | env, set() | the same, with refused connections in the logs |
 * | tag `<version>-expired`, `SANDBOX_CRASH=certificate-expired` | image, env | the same, with an expired certificate |
 * | tag `<version>-hung`, `SANDBOX_CRASH=hung` | image, env | restarted, Unhealthy events of the liveness probe |
 * | `SANDBOX_CRASH=crash` of an init container | env | Init:CrashLoopBackOff |
 * | tag `<version>-slow`, `SANDBOX_CRASH=slow-start` | image, env | ready after 20 to 30 seconds |
 * | a Secret or ConfigMap in `env` or `envFrom` that is not there | the cluster | CreateContainerConfigError |
 * | a Secret or ConfigMap in `volumes` that is not there | the cluster | ContainerCreating, FailedMount |
 * | more CPU or memory than any node has left | the cluster | Pending, Unschedulable |
 *
 * @public
 */
export class PodBehaviours {
  readonly #file: string | undefined;
  readonly #set: Map<string, SetBehaviour>;
  readonly #listeners = new Set<() => void>();

  /** @param file - where what is set survives a restart */
  constructor(file?: string) {
    this.#file = file;
    const saved = file && readStateFile(file, savedSchema);
    this.#set = new Map(Object.entries(saved || {}));
  }

  /** Makes running and coming pods behave so until {@link clear} is called with the same name. */
  set(name: string, selection: PodSelection, behaviour: PodBehaviour): void {
    this.#set.set(name, { ...selection, behaviour, since: Date.now() });
    this.#notify();
  }

  clear(name: string): void {
    if (this.#set.delete(name)) {
      this.#notify();
    }
  }

  /** Calls back after each change. @internal */
  subscribe(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /**
   * How a container of a pod behaves, or did at some time.
   *
   * @internal
   */
  of(
    pod: KubernetesObject,
    container: BehavingContainer,
    time = Date.now(),
  ): PodBehaviour {
    for (const { namespace, labels, behaviour, since } of this.#set.values()) {
      if (
        time >= since &&
        pod.metadata.namespace === namespace &&
        matchesLabels(labels, pod.metadata.labels)
      ) {
        return behaviour;
      }
    }
    const behaviour = behaviourByVariable(container);
    if (behaviour) {
      return behaviour;
    }
    const { tag } = parseImage(container.image);
    return BY_TAG[/-([a-z]+)$/.exec(tag)?.[1] ?? ''] ?? 'healthy';
  }

  /** How an init container behaves: only its variable makes it fail, as it often has the image of the others. */
  ofInit(container: BehavingContainer): PodBehaviour {
    return behaviourByVariable(container) === 'crash' ? 'crash' : 'healthy';
  }

  #notify() {
    if (this.#file) {
      writeStateFile(this.#file, Object.fromEntries(this.#set));
    }
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

function behaviourByVariable(
  container: BehavingContainer,
): PodBehaviour | undefined {
  const value = container.env?.find(
    ({ name }) => name === CRASH_VARIABLE,
  )?.value;
  return BEHAVIOURS.find(candidate => candidate === value);
}
