import { rm } from 'node:fs/promises';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  APPLICATION_FILE,
  compile,
  createInfrastructure,
  expand,
  printApplication,
  printYaml,
  readServiceRequest,
  runsIn,
  toFiles,
} from '@waystone/application-model';
import type { InfrastructureRequest } from '@waystone/application-model';
import type { GoldenPathConfig } from '../config/GoldenPathConfig';
import {
  describeProblems,
  readWorkspaceApplication,
} from '../workspace/readWorkspaceApplication';
import { readWorkspaceText } from '../workspace/readWorkspaceText';
import { writeWorkspaceFiles } from '../workspace/writeWorkspaceFiles';

/** `waystone:application:compile`: writes the manifests of the application of the workspace. */
export function createCompileAction({
  environments,
  platform,
}: Pick<GoldenPathConfig, 'environments' | 'platform'>) {
  return createTemplateAction({
    id: 'waystone:application:compile',
    description:
      'Compiles the Application of the workspace to deploy/<environment>/ for every environment in which it runs.',
    supportsDryRun: true,
    examples: [
      {
        description: 'Compile deploy/application.yaml',
        example: `steps:
  - action: waystone:application:compile
    id: compile
    name: Write the manifests
`,
      },
      {
        description:
          'Expand a ServiceRequest to deploy/application.yaml and its infrastructure first',
        example: `steps:
  - action: waystone:application:compile
    id: compile
    name: Write the manifests
    input:
      request: service-request.yaml
`,
      },
    ],
    schema: {
      input: {
        request: z =>
          z
            .string()
            .optional()
            .describe(
              `Path of a ServiceRequest in the workspace. It is expanded to ${APPLICATION_FILE} and removed`,
            ),
        infrastructure: z =>
          z
            .enum(['files', 'request'])
            .optional()
            .describe(
              'What becomes of the infrastructure of a ServiceRequest: files in deploy/<environment>/, or only the output `infrastructure` for waystone:infrastructure:request. Default: files',
            ),
        schemaUrl: z =>
          z
            .string()
            .url()
            .optional()
            .describe('Where editors find the JSON Schema of an Application'),
      },
      output: {
        name: z => z.string().describe('The name of the application'),
        files: z => z.array(z.string()).describe('Paths of what was written'),
        environments: z =>
          z.array(z.string()).describe('Where it will run, in order'),
        infrastructure: z =>
          z
            .array(
              z.object({
                kind: z.string(),
                name: z.string(),
                environment: z.string(),
                parameters: z.record(z.unknown()),
              }),
            )
            .describe('What a ServiceRequest needs, by environment'),
        offThePath: z =>
          z.number().describe('How many patches and extra manifests it has'),
      },
    },
    async handler({ input, logger, output, workspacePath }) {
      const infrastructure =
        input.request === undefined
          ? []
          : await expandRequest(workspacePath, input.request, input.schemaUrl);
      const { application } = await readWorkspaceApplication(
        workspacePath,
        APPLICATION_FILE,
      );
      const targets = environments.all.filter(({ name }) =>
        runsIn(application, name),
      );
      if (targets.length === 0) {
        throw new InputError(
          `${application.metadata.name} runs in none of the environments of 'waystone.environments'`,
        );
      }
      const files: Record<string, string> = {};
      const needed = [];
      let offThePath = 0;
      for (const environment of targets) {
        const compilation = compile({ application, environment, platform });
        if (compilation.manifests.length === 0) {
          throw new InputError(
            describeProblems(APPLICATION_FILE, compilation.problems),
          );
        }
        Object.assign(files, toFiles(compilation));
        const { patches, manifests } = compilation.offThePath;
        offThePath += patches + manifests;
        for (const request of infrastructure) {
          const object = createInfrastructure(
            request,
            application,
            environment,
          );
          needed.push({
            kind: request.kind,
            name: request.name,
            environment: environment.name,
            parameters: object.spec as Record<string, unknown>,
          });
          if (input.infrastructure !== 'request') {
            files[
              `deploy/${environment.name}/infrastructure-${request.name}.yaml`
            ] = printYaml(object);
          }
        }
      }
      await writeWorkspaceFiles(workspacePath, files);
      logger.info(
        `Wrote ${Object.keys(files).length} manifests for ${targets
          .map(({ name }) => name)
          .join(', ')}`,
      );
      output('name', application.metadata.name);
      output('files', Object.keys(files).sort());
      output(
        'environments',
        targets.map(({ name }) => name),
      );
      output('infrastructure', needed);
      output('offThePath', offThePath);
    },
  });
}

async function expandRequest(
  workspacePath: string,
  path: string,
  schemaUrl?: string,
): Promise<readonly InfrastructureRequest[]> {
  const { value, problems } = readServiceRequest(
    await readWorkspaceText(workspacePath, path),
  );
  if (!value) {
    throw new InputError(describeProblems(path, problems));
  }
  const { application, infrastructure } = expand(value);
  await writeWorkspaceFiles(workspacePath, {
    [APPLICATION_FILE]: printApplication(application, schemaUrl),
  });
  await rm(resolveSafeChildPath(workspacePath, path));
  return infrastructure;
}
