import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { ForgeService } from '@waystone/integrations';
import type { DatabaseInventory } from '../inventory/DatabaseInventory';

/** `waystone:undo:register`: puts what other actions make on the list of what a run has made. */
export function createUndoRegisterAction({
  forges,
  inventory,
}: {
  readonly forges: ForgeService;
  readonly inventory: Pick<DatabaseInventory, 'announce' | 'list'>;
}) {
  return createTemplateAction({
    id: 'waystone:undo:register',
    description:
      'Puts something that another action makes on the list of what the run has made, so that it can be removed. Place it before that action. The actions of Waystone register what they make by themselves.',
    supportsDryRun: true,
    examples: [
      {
        description: 'The location that the next step registers in the catalog',
        example: `steps:
  - action: waystone:undo:register
    id: remember
    name: Remember the catalog entry
    input:
      catalogInfoUrl: \${{ steps.publish.output.catalogInfoUrl }}
`,
      },
      {
        description: 'Something that only a person can remove',
        example: `steps:
  - action: waystone:undo:register
    id: remember
    name: Remember the domain
    input:
      title: Domain \${{ parameters.name }}.example.com
      url: https://dns.example.com/zones/example.com
`,
      },
    ],
    schema: {
      input: {
        catalogInfoUrl: z =>
          z
            .string()
            .url()
            .optional()
            .describe(
              'A location that catalog:register gets. It has to be in a repository that the run has made',
            ),
        title: z =>
          z
            .string()
            .min(1)
            .max(200)
            .optional()
            .describe('What a person has to remove'),
        url: z =>
          z
            .string()
            .url()
            .regex(/^https?:/)
            .optional()
            .describe('Where a person removes it'),
      },
    },
    async handler({ input, isDryRun, logger, task }) {
      const { catalogInfoUrl, title, url } = input;
      if ((catalogInfoUrl === undefined) === (title === undefined)) {
        throw new InputError("Give either 'catalogInfoUrl' or 'title'");
      }
      if (isDryRun) {
        logger.info(`Would remember ${catalogInfoUrl ?? title}`);
        return;
      }
      if (title !== undefined) {
        const entry = await inventory.announce(task.id, {
          kind: 'manual',
          title,
          url,
          reference: { title, ...(url && { url }) },
        });
        await entry.confirm();
        return;
      }
      const target = catalogInfoUrl!;
      const made = (await inventory.list(task.id)).some(
        ({ kind, reference: { forge, owner, name } }) => {
          const ref =
            kind === 'repository'
              ? forges.get(forge).parseUrl(target)
              : undefined;
          return ref !== undefined && ref.owner === owner && ref.name === name;
        },
      );
      if (!made) {
        // Otherwise a template could have somebody remove what others have registered
        throw new InputError(
          `'${target}' is in no repository that this run has made`,
        );
      }
      const entry = await inventory.announce(task.id, {
        kind: 'catalog-location',
        title: target.replace(/^.*\//, ''),
        url: target,
        reference: { target },
      });
      await entry.confirm();
      logger.info(`${target} is on the list of what this run has made`);
    },
  });
}
