import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UrlReaders } from '@backstage/backend-defaults/urlReader';
import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { createFetchTemplateAction } from '@backstage/plugin-scaffolder-backend';
import { parse } from 'yaml';
import { createCompileAction } from '../actions/createCompileAction';
import { readGoldenPathConfig } from '../config/GoldenPathConfig';
import { limitRendering } from '../rendering/limitRendering';
import { runAction } from './runAction';

/** Where the golden paths are. Tests run from the sources. */
// eslint-disable-next-line no-restricted-syntax
export const TEMPLATES = resolve(__dirname, '../../../../templates');

const config = readGoldenPathConfig(
  new ConfigReader({
    waystone: {
      environments: [
        { name: 'development', cluster: 'nonprod' },
        { name: 'production', cluster: 'prod' },
      ],
    },
  }),
);

/** A step of a template, as far as the tests read it. */
export interface TemplateStep {
  readonly id: string;
  readonly action: string;
  readonly each?: readonly string[];
  readonly input: Readonly<Record<string, unknown>>;
}

/** A template, as far as the tests read it. */
export interface TemplateFile {
  readonly metadata: {
    readonly name: string;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly parameters: readonly {
      readonly title: string;
      readonly properties: Readonly<Record<string, object>>;
    }[];
    readonly steps: readonly TemplateStep[];
  };
}

/** Reads `templates/<name>.yaml`. */
export function readTemplate(name: string): TemplateFile {
  return parse(readFileSync(join(TEMPLATES, `${name}.yaml`), 'utf8'));
}

/**
 * Makes the files of a golden path as a run does: the steps that fetch, then the one that compiles.
 *
 * @returns what the application needs
 */
export async function renderTemplate(options: {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly workspacePath: string;
  readonly temporaryPath: string;
}): Promise<readonly unknown[]> {
  const { name, parameters, temporaryPath, workspacePath } = options;
  limitRendering();
  const root = new ConfigReader({});
  const fetch = createFetchTemplateAction({
    integrations: ScmIntegrations.fromConfig(root),
    reader: UrlReaders.default({
      config: root,
      logger: mockServices.logger.mock(),
    }),
  });
  let folder = 0;
  for (const { action, each, input } of readTemplate(name).spec.steps) {
    if (action === 'fetch:template') {
      for (const url of each ?? [input.url as string]) {
        const temporary = join(temporaryPath, String(folder));
        folder += 1;
        await fetch.handler({
          input: {
            url,
            copyWithoutTemplating: input.copyWithoutTemplating,
            values: fillIn(input.values, parameters),
          },
          templateInfo: { baseUrl: `file://${TEMPLATES}/${name}.yaml` },
          workspacePath,
          logger: mockServices.logger.mock(),
          createTemporaryDirectory: async () => temporary,
          output: () => {},
        } as never);
      }
    } else if (action === 'waystone:application:compile') {
      const { output } = await runAction(createCompileAction(config), {
        workspacePath,
        input: { ...input },
      });
      return output.infrastructure as unknown[];
    }
  }
  return [];
}

/** Compiles `deploy/application.yaml` once more. */
export async function compileAgain(workspacePath: string): Promise<void> {
  await runAction(createCompileAction(config), { workspacePath });
}

function fillIn(
  value: unknown,
  parameters: Readonly<Record<string, string>>,
): unknown {
  if (typeof value === 'string') {
    const match = /^\$\{\{ parameters(?:\.(\w+))?(?: or '(\w+)')? \}\}$/.exec(
      value,
    );
    if (!match) {
      return value;
    }
    const [, name, otherwise] = match;
    return name === undefined ? parameters : parameters[name] ?? otherwise;
  }
  if (Array.isArray(value)) {
    return value.map(item => fillIn(item, parameters));
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          fillIn(item, parameters),
        ]),
      )
    : value;
}
