import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { APPLICATION_FILE } from '@waystone/application-model';
import type { PlacementGuard } from '../access/PlacementGuard';
import {
  describeProblems,
  readWorkspaceApplication,
} from '../workspace/readWorkspaceApplication';

/** `waystone:application:validate`: whether the application of the workspace can be compiled. */
export function createValidateAction({
  guard,
}: {
  readonly guard: PlacementGuard;
}) {
  return createTemplateAction({
    id: 'waystone:application:validate',
    description:
      'Checks the Application of the workspace, and fails with every mistake, its line and what to write instead.',
    supportsDryRun: true,
    examples: [
      {
        description: 'Check deploy/application.yaml',
        example: `steps:
  - action: waystone:application:validate
    id: validate
    name: Check the application
`,
      },
      {
        description:
          'Check also whether whoever runs the template may put it there',
        example: `steps:
  - action: waystone:application:validate
    id: validate
    name: Check the application
    input:
      placement: true
`,
      },
      {
        description: 'Check another file',
        example: `steps:
  - action: waystone:application:validate
    id: validate
    name: Check the application
    input:
      path: services/api/deploy/application.yaml
`,
      },
    ],
    schema: {
      input: {
        path: z =>
          z
            .string()
            .optional()
            .describe(`Path in the workspace. Default: ${APPLICATION_FILE}`),
        placement: z =>
          z
            .boolean()
            .optional()
            .describe(
              'Fail unless the person belongs to its owner, and the owner has part in its system. Before anything is created',
            ),
      },
      output: {
        name: z => z.string().describe('The name of the application'),
        owner: z => z.string().describe('Who owns it, as it is written there'),
        system: z => z.string().describe('The system it is part of'),
      },
    },
    async handler(ctx) {
      const { input, logger, output, workspacePath } = ctx;
      const path = input.path ?? APPLICATION_FILE;
      const { application, warnings } = await readWorkspaceApplication(
        workspacePath,
        path,
      );
      if (warnings.length > 0) {
        logger.warn(describeProblems(path, warnings));
      }
      if (input.placement) {
        await guard.check(application, await ctx.getInitiatorCredentials());
      }
      logger.info(`${application.metadata.name} can be compiled`);
      output('name', application.metadata.name);
      output('owner', application.spec.owner);
      output('system', application.spec.system);
    },
  });
}
