import type { ResourceType } from '../resources/ResourceType';
import { clusterTables } from './clusterTables';
import { createCustomTable } from './customTable';
import { createLayout, formatAge } from './TableLayout';
import type { TableLayout } from './TableLayout';
import { workloadTables } from './workloadTables';

const TABLES: Readonly<Record<string, TableLayout>> = {
  ...workloadTables,
  ...clusterTables,
};

const DEFAULT = createLayout(['Age'], object => [
  formatAge(object.metadata.creationTimestamp),
]);

/** How the objects of a kind are shown. */
export function findTable(type: ResourceType): TableLayout {
  if (type.custom) {
    return createCustomTable(type.custom.printerColumns);
  }
  return TABLES[type.storageKind] ?? DEFAULT;
}
