import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { PlacementGuard } from '../access/PlacementGuard';

/** `waystone:placement:check`: refuses what somebody may not put where, before anything is made. */
export function createPlacementCheckAction({
  guard,
}: {
  readonly guard: Pick<PlacementGuard, 'check'>;
}) {
  return createTemplateAction({
    id: 'waystone:placement:check',
    description:
      'Fails unless whoever started the run belongs to the owner, and the owner has part in the system. For what does not run; waystone:application:validate does it for what does.',
    supportsDryRun: true,
    examples: [
      {
        description: 'Before a repository is made',
        example: `steps:
  - action: waystone:placement:check
    id: check
    name: Check whose it is
    input:
      owner: \${{ parameters.owner }}
      system: \${{ parameters.system }}
`,
      },
    ],
    schema: {
      input: {
        owner: z => z.string().min(1).max(200).describe('Reference of a group'),
        system: z =>
          z.string().min(1).max(200).describe('Reference of a system'),
      },
    },
    async handler(ctx) {
      const { owner, system } = ctx.input;
      await guard.check(
        { spec: { owner, system: system.replace(/^.*[:/]/, '') } },
        await ctx.getInitiatorCredentials(),
      );
      ctx.logger.info(`${owner} may put it in ${system}`);
    },
  });
}
