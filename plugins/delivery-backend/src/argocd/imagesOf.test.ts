import { imagesOf } from './imagesOf';

describe('imagesOf', () => {
  it('finds the images of everything that has pods, each once', () => {
    const template = (...images: string[]) => ({
      spec: { containers: images.map(image => ({ name: 'x', image })) },
    });
    expect(
      imagesOf([
        { kind: 'Deployment', spec: { template: template('a:1', 'b:1') } },
        {
          kind: 'CronJob',
          spec: { jobTemplate: { spec: { template: template('c:1', 'a:1') } } },
        },
        { kind: 'Pod', spec: { initContainers: [{ image: 'd:1' }, null, {}] } },
        { kind: 'ConfigMap', data: { containers: 'none' } },
        null,
        'text',
      ]),
    ).toEqual(['a:1', 'b:1', 'c:1', 'd:1']);
  });
});
