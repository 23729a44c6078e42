import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import {
  argoCdServiceRef,
  forgesServiceRef,
  kubernetesServiceRef,
  vaultServiceRef,
} from '@waystone/integrations';
import { PlacementGuard } from './access/PlacementGuard';
import { createArgoCdApplicationAction } from './actions/createArgoCdApplicationAction';
import { createCompileAction } from './actions/createCompileAction';
import { createPublishRepositoryAction } from './actions/createPublishRepositoryAction';
import { createValidateAction } from './actions/createValidateAction';
import { createVaultSeedAction } from './actions/createVaultSeedAction';
import { createWaitHealthyAction } from './actions/createWaitHealthyAction';
import { readGoldenPathConfig } from './config/GoldenPathConfig';

/** The actions of golden paths. */
export const scaffolderModuleWaystone = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'waystone',
  register(reg) {
    reg.registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        argocd: argoCdServiceRef,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        forges: forgesServiceRef,
        kubernetes: kubernetesServiceRef,
        userInfo: coreServices.userInfo,
        vault: vaultServiceRef,
      },
      async init(deps) {
        const { actions, argocd, forges, kubernetes, vault } = deps;
        const config = readGoldenPathConfig(deps.config);
        const guard = new PlacementGuard(deps);
        actions.addActions(
          createValidateAction({ guard }),
          createCompileAction(config),
          createPublishRepositoryAction({ config, forges }),
          createVaultSeedAction({ config, guard, vault }),
          createArgoCdApplicationAction({ config, guard, kubernetes }),
          createWaitHealthyAction({ argocd }),
        );
      },
    });
  },
});
