import { applicationName } from '../seed/argoCdObjects';
import { ENVIRONMENTS } from '../seed/environments';
import { ORGANISATION } from '../seed/seedForge';
import { readRepositoryFile } from './readRepositoryFile';
import type { Story } from './Story';
import { requestSync } from './requestSync';

const SERVICE = 'order-service';
const FILE = 'deploy/production/deployment.yaml';
const PRODUCTION = ENVIRONMENTS[2];

/** The line with the image and its version. */
const IMAGE = /^(\s*image: \S+:)(\S+)$/m;

/** A release that crashes at start reaches production. */
export const badDeploy: Story = {
  name: 'bad-deploy',
  title: 'Bad deploy',
  summary: `A version of ${SERVICE} that crashes at its start is deployed to production; the version before goes on serving.`,
  look: `The Kubernetes tab of ${SERVICE}; Argo CD; its error ratio.`,
  async start(platform) {
    const { forge } = platform;
    const text = await readRepositoryFile(platform, SERVICE, FILE);
    await forge.commitFiles({
      owner: ORGANISATION,
      name: SERVICE,
      branch: 'main',
      message: 'Deploy the new checkout to production',
      author: { name: 'Maya Okafor', email: 'maya.okafor@fernway.example' },
      files: { [FILE]: text.replace(IMAGE, '$1$2-broken') },
    });
    requestSync(platform, {
      application: applicationName(SERVICE, PRODUCTION.name),
      person: 'maya.okafor',
    });
    platform.prometheus.traffic.set(
      { service: SERVICE, environment: PRODUCTION.name },
      { errorRatio: 0.12, latencyFactor: 1.8 },
    );
  },
  async undo(platform) {
    const { forge } = platform;
    const text = await readRepositoryFile(platform, SERVICE, FILE);
    await forge.commitFiles({
      owner: ORGANISATION,
      name: SERVICE,
      branch: 'main',
      message: 'Revert "Deploy the new checkout to production"',
      author: { name: 'Maya Okafor', email: 'maya.okafor@fernway.example' },
      files: {
        [FILE]: text.replace(IMAGE, (_line, before, version) =>
          before.concat(version.replace(/-broken$/, '')),
        ),
      },
    });
    requestSync(platform, {
      application: applicationName(SERVICE, PRODUCTION.name),
      person: 'maya.okafor',
    });
    platform.prometheus.traffic.reset({
      service: SERVICE,
      environment: PRODUCTION.name,
    });
  },
};
