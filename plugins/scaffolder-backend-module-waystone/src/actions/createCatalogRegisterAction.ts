import { stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { wasRefused } from '../infrastructure/messageOf';
import type { Inventory } from '../inventory/Inventory';

/** `waystone:catalog:register`: registers a catalog-info.yaml once, however often it is run. */
export function createCatalogRegisterAction({
  catalog,
  inventory,
}: {
  readonly catalog: Pick<CatalogService, 'addLocation'>;
  readonly inventory: Inventory;
}) {
  return createTemplateAction({
    id: 'waystone:catalog:register',
    description:
      'Registers a catalog-info.yaml in the catalog. Unlike catalog:register it may be run again, and what it registers is on the list of what the run has made.',
    supportsDryRun: true,
    examples: [
      {
        description: 'Register the new repository',
        example: `steps:
  - action: waystone:catalog:register
    id: register
    name: Register it in the catalog
    input:
      catalogInfoUrl: \${{ steps.publish.output.catalogInfoUrl }}
`,
      },
    ],
    schema: {
      input: {
        catalogInfoUrl: z =>
          z
            .string()
            .url()
            .regex(/^https?:/),
      },
      output: {
        entityRef: z => z.string().describe('The first component in it'),
      },
    },
    async handler(ctx) {
      const target = ctx.input.catalogInfoUrl;
      if (ctx.isDryRun) {
        ctx.logger.info(`Would register ${target}`);
        return;
      }
      const credentials = await ctx.getInitiatorCredentials();
      const entry = await inventory.announce(ctx.task.id, {
        kind: 'catalog-location',
        title: target.replace(/^.*\//, ''),
        url: target,
        reference: { target },
      });
      let exists = false;
      try {
        await catalog.addLocation({ type: 'url', target }, { credentials });
      } catch (error) {
        exists = isConflict(error);
        if (!exists) {
          if (wasRefused(error) && !entry.repeated) {
            await entry.withdraw();
          }
          throw error;
        }
      }
      await (exists && !entry.repeated ? entry.withdraw() : entry.confirm());
      ctx.logger.info(
        exists ? `${target} is registered already` : `Registered ${target}`,
      );
      const { entities } = await catalog.addLocation(
        { type: 'url', target, dryRun: true },
        { credentials },
      );
      const entity =
        entities.find(({ kind }) => kind === 'Component') ?? entities.at(0);
      if (!entity) {
        throw new InputError(`There is no entity in '${target}'`);
      }
      ctx.output('entityRef', stringifyEntityRef(entity));
    },
  });
}

function isConflict(error: unknown): boolean {
  const { name, statusCode } = error as { name?: string; statusCode?: number };
  return name === 'ConflictError' || statusCode === 409;
}
