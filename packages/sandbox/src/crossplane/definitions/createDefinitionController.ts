import type {
  Controller,
  ControllerTools,
} from '../../kubernetes/controllers/Controller';
import {
  findCondition,
  setCondition,
} from '../../kubernetes/controllers/conditions';
import { controllerOf } from '../../kubernetes/controllers/ownerReferences';
import { writeStatus } from '../../kubernetes/controllers/writeStatus';
import {
  claimTypeOf,
  COMPOSITE_DEFINITION,
  compositeTypeOf,
  CUSTOM_RESOURCE_DEFINITION,
} from '../crossplaneTypes';
import { claimDefinition, compositeDefinition } from './compositeDefinition';

const NAME = 'defined/compositeresourcedefinition.apiextensions.crossplane.io';

/** Makes the kinds that CompositeResourceDefinitions define. */
export function createDefinitionController({
  cluster,
}: ControllerTools): Controller {
  return {
    name: NAME,
    watches: [
      {
        type: COMPOSITE_DEFINITION,
        keys: ({ object }) => [object.metadata.name!],
      },
      {
        type: CUSTOM_RESOURCE_DEFINITION,
        keys: ({ object }) => {
          const owner = controllerOf(object);
          return owner?.kind === COMPOSITE_DEFINITION.kind ? [owner.name] : [];
        },
      },
    ],
    reconcile(name) {
      const definition = cluster.get({ ...COMPOSITE_DEFINITION, name });
      if (!definition) {
        return;
      }
      const observedGeneration = definition.metadata.generation;
      let { conditions } = definition.status ?? {};
      if (definition.metadata.deletionTimestamp) {
        conditions = setCondition(conditions, {
          type: 'Established',
          status: 'False',
          reason: 'TerminatingCompositeResource',
          observedGeneration,
        });
        writeStatus(
          cluster,
          definition,
          { ...definition.status, conditions },
          NAME,
        );
        return;
      }
      const claims = claimDefinition(definition);
      for (const [wanted, type, reason] of [
        [
          compositeDefinition(definition),
          'Established',
          'WatchingCompositeResource',
        ],
        [claims, 'Offered', 'WatchingCompositeResourceClaim'],
      ] as const) {
        if (!wanted) {
          continue;
        }
        const applied = cluster.apply(wanted, {
          fieldManager: NAME,
          force: true,
        });
        if (
          findCondition(applied.status?.conditions, 'Established')?.status !==
          'True'
        ) {
          return;
        }
        if (findCondition(conditions, type)?.status !== 'True') {
          cluster.recordEvent({
            regarding: definition,
            type: 'Normal',
            reason:
              type === 'Established' ? 'EstablishComposite' : 'OfferClaim',
            message: `(Re)started ${
              type === 'Established'
                ? 'composite resource'
                : 'composite resource claim'
            } controller`,
            component: NAME,
          });
        }
        conditions = setCondition(conditions, {
          type,
          status: 'True',
          reason,
          observedGeneration,
        });
      }
      const none = { apiVersion: '', kind: '' };
      writeStatus(
        cluster,
        definition,
        {
          ...definition.status,
          conditions,
          controllers: {
            compositeResourceType: compositeTypeOf(definition),
            compositeResourceClaimType: claimTypeOf(definition) ?? none,
          },
        },
        NAME,
      );
    },
  };
}
