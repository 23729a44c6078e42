import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import {
  DefaultGithubCredentialsProvider,
  ScmIntegrations,
} from '@backstage/integration';
import type { GitForge } from './GitForge';
import { GiteaForge } from './GiteaForge';
import { GitHubForge } from './GitHubForge';

/**
 * Makes the clients of all forges in Backstage's own `integrations`.
 *
 * @internal
 */
export function readForges(config: Config, logger?: LoggerService): GitForge[] {
  const integrations = ScmIntegrations.fromConfig(config);
  const credentials =
    DefaultGithubCredentialsProvider.fromIntegrations(integrations);
  // Backstage adds github.com and gitea.com when they are not configured; nobody writes there without credentials.
  return [
    ...integrations.gitea
      .list()
      .filter(item => item.config.password)
      .map(item => new GiteaForge({ config: item.config, logger })),
    ...integrations.github
      .list()
      .filter(item => item.config.token || item.config.apps?.length)
      .map(
        item => new GitHubForge({ config: item.config, credentials, logger }),
      ),
  ];
}
