import { readFileSync } from 'node:fs';
import { UrlReaders } from '@backstage/backend-defaults/urlReader';
import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { createFetchTemplateAction } from '@backstage/plugin-scaffolder-backend';
import { runAction } from '../__testUtils__/runAction';
import { limitRendering } from './limitRendering';

const LONG = 'ab '.repeat(5000);

describe('limitRendering', () => {
  const directory = createMockDirectory();

  beforeAll(() => {
    limitRendering();
    // Once is enough, however many modules are loaded
    limitRendering();
  });

  const render = async (text: string, values: object = {}) => {
    directory.setContent({
      template: { 'file.txt': text, 'second.txt': text },
      workspace: {},
    });
    const config = new ConfigReader({});
    // The scaffolder's own action, so that this fails if it begins to render otherwise
    const action = createFetchTemplateAction({
      integrations: ScmIntegrations.fromConfig(config),
      reader: UrlReaders.default({
        config,
        logger: mockServices.logger.mock(),
      }),
    });
    const { templateInfo: _, ...context } = {
      templateInfo: undefined,
      workspacePath: directory.resolve('workspace'),
    };
    await runAction(
      {
        ...action,
        handler: ctx =>
          action.handler({
            ...ctx,
            templateInfo: {
              entityRef: 'template:default/test',
              baseUrl: `file://${directory.resolve('template.yaml')}`,
            },
            createTemporaryDirectory: async () =>
              directory.resolve('temporary'),
          } as typeof ctx),
      },
      { ...context, input: { url: './template', values } },
    );
    return readFileSync(directory.resolve('workspace/file.txt'), 'utf8');
  };

  it('renders what golden paths need', async () => {
    expect(
      await render(
        '{% for name in values.names %}${{ name | upper | replace("-", "_") }},{% endfor %}${{ "ab" | list | join("+") }}',
        { names: ['a-b', 'c'] },
      ),
    ).toBe('A_B,C,a+b');
  });

  it('copies a long file without expressions as it is', async () => {
    const lockFile = `${'{ "a": 1 }\n'.repeat(60_000)}`;
    expect(await render(lockFile)).toBe(lockFile);
  });

  it.each([
    ['a loop without an end', '{% for i in range(0, 99999999) %}x{% endfor %}'],
    [
      'loops in loops',
      '{% for i in range(0,999) %}{% for j in range(0,999) %}x{% endfor %}{% endfor %}',
    ],
    [
      'a filter on a long text, again and again',
      '{% for i in range(0,9999) %}{% set x = values.long | replace("a", "b") %}{% endfor %}',
    ],
    ['a long text as a list', '${{ values.long | list | length }}'],
    [
      'a regular expression',
      '${{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" | replace(r/(a+)+$/, "") }}',
    ],
    ['too many expressions', '${{ 1 }}'.repeat(12_000)],
    [
      'a macro that calls itself',
      '{% macro m(x) %}${{ m(x) }}{% endmacro %}${{ m(1) }}',
    ],
    [
      'a long result',
      '{% for i in range(0,900) %}${{ values.long }}{% endfor %}',
    ],
  ])('ends %s', async (_, text) => {
    await expect(render(text, { long: LONG })).rejects.toThrow(
      /limit|no list|disabled|too long to read/,
    );
  });

  it('ends a step whose files take too long together', async () => {
    const used = jest.spyOn(process, 'threadCpuUsage');
    used.mockReturnValue({ user: 4_000_000, system: 0 });
    try {
      await expect(render('${{ 1 }}')).rejects.toThrow('more than 3 s');
    } finally {
      used.mockRestore();
    }
  });
});
