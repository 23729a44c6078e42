import type {
  Backup,
  BackupList,
} from '@waystone/plugin-infrastructure-common';
import type { DesiredResource } from '../provisioner/Provisioner';

/** What makes and lists backups of a kind of resource. Each call may be repeated. */
export interface BackupEngine {
  list(resource: DesiredResource): Promise<BackupList>;
  /**
   * Begins a backup, unless one of this name is there. It is not deleted with the resource.
   *
   * @param label - What tells it from others of the same resource, such as `final`.
   */
  create(resource: DesiredResource, label: string): Promise<Backup>;
}
