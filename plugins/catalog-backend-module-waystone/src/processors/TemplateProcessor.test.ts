import { standardActions } from '@waystone/plugin-golden-paths-common';
import { TemplateProcessor } from './TemplateProcessor';

describe('TemplateProcessor', () => {
  const processor = new TemplateProcessor({
    actions: [...standardActions, 'acme:*'],
  });
  const template = (spec: object, kind = 'Template') => ({
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind,
    metadata: { name: 'service' },
    spec: { type: 'service', owner: 'orders', steps: [], ...spec },
  });

  it.each([
    [
      'a regular expression that explodes',
      { parameters: { properties: { name: { pattern: '^(a+)+$' } } } },
      'spec.parameters.properties.name.pattern',
    ],
    [
      'a filter that nobody knows',
      {
        steps: [
          { action: 'debug:log', input: { message: '${{ a | explode }}' } },
        ],
      },
      "There is no filter 'explode'",
    ],
    [
      'an action that is not allowed',
      { steps: [{ action: 'shell:run' }] },
      "spec.steps[0].action: The action 'shell:run' is not allowed",
    ],
    [
      'a path out of the workspace',
      {
        steps: [
          { action: 'fetch:plain', input: { url: './a', targetPath: '../b' } },
        ],
      },
      "'../b' leads out of the workspace",
    ],
  ])('refuses %s, with the reason', async (_, spec, reason) => {
    await expect(
      processor.postProcessEntity(template(spec)),
    ).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(reason),
    });
    await expect(
      processor.postProcessEntity(template(spec, 'template')),
    ).rejects.toThrow(reason);
  });

  it('takes what is fine, what the platform allows, and other kinds', async () => {
    for (const entity of [
      template({ steps: [{ action: 'acme:dns' }] }),
      template({ steps: [{ action: 'shell:run' }] }, 'Component'),
    ]) {
      await expect(processor.postProcessEntity(entity)).resolves.toBe(entity);
    }
  });

  it('gives some of many reasons', async () => {
    const steps = Array.from({ length: 50 }, () => ({ action: 'shell:run' }));
    const error: Error = await processor
      .postProcessEntity(template({ steps }))
      .then(
        () => new Error('It was taken'),
        reason => reason,
      );
    expect(error.message).toMatch(/spec\.steps\[9\].*; and more$/);
    expect(error.message).not.toContain('spec.steps[10]');
  });
});
