import type { KubernetesCluster } from '../kubernetes/KubernetesCluster';
import type { ApplicationDestination } from './ApplicationTypes';

/** A cluster that Applications are deployed to. @internal */
export interface Destination {
  readonly name: string;
  readonly server: string;
  readonly cluster: KubernetesCluster;
}

const IN_CLUSTER = 'https://kubernetes.default.svc';

/**
 * The clusters by the names and URLs under which Applications know them. The one that Argo CD runs in is also
 * `in-cluster` and `https://kubernetes.default.svc`.
 *
 * @internal
 */
export class Destinations {
  readonly #all: readonly Destination[];

  constructor(options: {
    home: KubernetesCluster;
    destinations: ReadonlyMap<string, KubernetesCluster>;
    serverOf(name: string): string;
  }) {
    const { home, destinations, serverOf } = options;
    this.#all = [
      { name: 'in-cluster', server: IN_CLUSTER, cluster: home },
      ...[...destinations]
        .filter(([name]) => name !== 'in-cluster')
        .map(([name, cluster]) => ({ name, server: serverOf(name), cluster })),
    ];
  }

  all(): readonly Destination[] {
    return this.#all;
  }

  /** @returns the cluster, or in Argo CD's words why there is none */
  find({ name, server }: ApplicationDestination): Destination | string {
    if (name && server) {
      return `application destination can't have both name and server defined: ${name} ${server}`;
    }
    if (name) {
      return (
        this.#all.find(item => item.name === name) ??
        `unable to find destination server: there are no clusters with this name: ${name}`
      );
    }
    if (server) {
      return (
        this.#all.find(item => item.server === server.replace(/\/$/, '')) ??
        `unable to find destination server: error getting cluster by server "${server}": rpc error: code = NotFound desc = cluster "${server}" not found`
      );
    }
    return 'destination server missing from app spec';
  }
}
