import type { Entity } from '@backstage/catalog-model';

/** Whether an entity says what it runs as, so that something can be found at it. */
export function isGoverned({ metadata: { annotations = {} } }: Entity) {
  return ['backstage.io/kubernetes-id', 'vault.io/secrets-path'].some(
    name => annotations[name],
  );
}
