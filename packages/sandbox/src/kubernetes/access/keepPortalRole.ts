import { equalJson } from '../patch/jsonValues';
import type { ResourceRegistry } from '../resources/ResourceRegistry';
import { CUSTOM_RESOURCE_DEFINITION } from '../resources/ResourceType';
import type { ObjectStore } from '../store/ObjectStore';
import type { ObjectWriter } from '../write/ObjectWriter';
import {
  PORTAL_CUSTOM_RESOURCES_ROLE,
  portalGroupRules,
} from './bootstrapRoles';

/**
 * Lets the portal work with the custom resources of every group that is installed, as the operators of
 * real clusters grant it for the groups that they install.
 */
export function keepPortalRole(options: {
  readonly store: ObjectStore;
  readonly registry: ResourceRegistry;
  readonly writer: ObjectWriter;
}): void {
  const { registry, store, writer } = options;
  const definitions = store.table(CUSTOM_RESOURCE_DEFINITION);
  const update = () => {
    const type = registry.findPlural(
      'rbac.authorization.k8s.io',
      'v1',
      'clusterroles',
    )!;
    const groups = new Set<string>();
    for (const definition of definitions.values()) {
      groups.add(definition.spec.group);
    }
    const rules = portalGroupRules([...groups].sort());
    const role = writer.find(type, undefined, PORTAL_CUSTOM_RESOURCES_ROLE);
    if (role && !equalJson(role.rules, rules)) {
      writer.modify(
        type,
        undefined,
        PORTAL_CUSTOM_RESOURCES_ROLE,
        live => ({ ...live, rules }),
        { fieldManager: 'kube-apiserver' },
      );
    }
  };
  update();
  definitions.listen(event => {
    if (event.type !== 'MODIFIED') {
      update();
    }
  });
}
