import { NotAllowedError } from '@backstage/errors';
import type { KubernetesService } from '@waystone/integrations';
import type { InventoryRow } from './DatabaseInventory';
import type { Inspection, RemovalContext, Remover } from './Remover';

/** Makes Argo CD delete what it has deployed with the Application. */
const FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/** Removes Applications of Argo CD with what they have deployed. */
export class ApplicationRemover implements Remover {
  readonly #kubernetes: KubernetesService;

  constructor(options: { readonly kubernetes: KubernetesService }) {
    this.#kubernetes = options.kubernetes;
  }

  async inspect(
    row: InventoryRow,
    { signal }: RemovalContext,
  ): Promise<Inspection> {
    const { reference } = row;
    const found = await this.#kubernetes
      .cluster(reference.cluster)
      .find(refOf(reference), { signal });
    if (!found) {
      return { present: false, notes: [] };
    }
    if (reference.uid !== undefined && found.metadata.uid !== reference.uid) {
      return {
        present: true,
        refused: `${reference.name} was made anew since, by somebody else`,
        notes: [],
      };
    }
    return {
      present: true,
      notes: ['Argo CD deletes what it has deployed with it'],
    };
  }

  async remove(row: InventoryRow, context: RemovalContext): Promise<void> {
    const { present, refused } = await this.inspect(row, context);
    if (refused) {
      throw new NotAllowedError(refused);
    }
    if (!present) {
      return;
    }
    const { reference } = row;
    const cluster = this.#kubernetes.cluster(reference.cluster);
    const { signal } = context;
    await cluster.patch(
      refOf(reference),
      { type: 'merge', patch: { metadata: { finalizers: [FINALIZER] } } },
      { signal },
    );
    await cluster.delete(refOf(reference), {
      preconditions:
        reference.uid === undefined ? undefined : { uid: reference.uid },
      signal,
    });
  }
}

function refOf({ name, namespace }: InventoryRow['reference']) {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    name,
    namespace,
  };
}
