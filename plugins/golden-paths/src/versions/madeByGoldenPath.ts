import type { Entity } from '@backstage/catalog-model';

/** The golden path that has made it: the name of a template, or its ref. */
export const TEMPLATE = 'waystone.dev/template';

/** The version that the golden path had then. */
export const TEMPLATE_VERSION = 'waystone.dev/template-version';

/** Whether an entity says which golden path has made it. */
export function madeByGoldenPath(entity: Entity): boolean {
  const { annotations = {} } = entity.metadata;
  return Boolean(annotations[TEMPLATE] && annotations[TEMPLATE_VERSION]);
}
