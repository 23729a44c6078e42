import { compile } from './compile';
import { explain } from './explain';
import { readApplication } from './readApplication';
import { environments, platform, readFixtures } from './__testUtils__/fixtures';

const fixtures = new Map(readFixtures('applications'));

describe('explain', () => {
  const [, environment] = environments;
  const application = readApplication(fixtures.get('loyalty-service')!).value!;
  const options = { application, environment, platform };
  const compilation = compile(options);
  const originOf = (path: string) => explain({ ...options, compilation }, path);

  it.each([
    ['spec.replicas', 3, 'spec.environments.production.replicas'],
    ['spec.version', '2.4.0', 'spec.environments.production.version'],
    ['spec.env.LOG_LEVEL', 'info', 'spec.env.LOG_LEVEL'],
    ['spec.size', 'small', 'platform default: size'],
    [
      'spec.resources.limits.memory',
      '384Mi',
      'size small, platform default: size',
    ],
    [
      'spec.probes.readiness.path',
      '/health/ready',
      'platform default: probes.readiness.path',
    ],
    ['spec.network.to[1].internet[0]', undefined, undefined],
    ['spec.nothing', undefined, undefined],
    ['spec', undefined, undefined],
    ['constructor.name', undefined, undefined],
    ['spec.__proto__.toString', undefined, undefined],
  ])('says who decided %s', (path, value, origin) => {
    const explanation = originOf(path);
    expect(explanation?.value).toEqual(value);
    expect(explanation?.origin).toBe(origin);
  });

  it.each([
    ['Deployment/spec.replicas', 3, 'spec.environments.production.replicas'],
    [
      'Deployment/spec.template.spec.containers[0].resources.requests.cpu',
      '100m',
      'size small, platform default: size',
    ],
    [
      'Deployment/spec.template.spec.volumes[0].name',
      'temporary',
      'platform default: temporary',
    ],
    [
      'Deployment/metadata.labels["app.kubernetes.io/version"]',
      '2.4.0',
      'spec.environments.production.version',
    ],
    ['Service/spec.ports[0].port', 80, 'the same for every application'],
    [
      'Application/spec.source.repoURL',
      'https://git.example.com/orders/loyalty-service.git',
      'platform default: repository',
    ],
    ['Ingress/spec', undefined, undefined],
    ['Deployment/spec.nothing', undefined, undefined],
  ])('says who decided %s of an object', (path, value, origin) => {
    const explanation = originOf(path);
    expect(explanation?.value).toEqual(value);
    expect(explanation?.origin).toBe(origin);
  });

  it('says of a patch that it was one', () => {
    const patched = readApplication(fixtures.get('patched')!).value!;
    const patchedOptions = { ...options, application: patched };
    expect(
      explain(
        { ...patchedOptions, compilation: compile(patchedOptions) },
        'Service/spec.ports[0].port',
      ),
    ).toEqual({
      path: 'Service/spec.ports[0].port',
      value: 8080,
      origin: 'off the path, spec.environments.production.patches[1]',
      file: 'deploy/production/service.yaml',
    });
  });
});
