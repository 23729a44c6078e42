import { DefaultForgeService } from './ForgeService';
import type { ForgeService } from './ForgeService';
import type { GitForge } from './GitForge';
import { GiteaForge } from './GiteaForge';

/**
 * A forge for the tests of others: it has what is given, and fails loudly at anything else.
 *
 * @public
 */
export function mockGitForge(parts: Partial<GitForge> = {}): GitForge {
  const named = { system: 'gitea', instance: 'git.example.com', ...parts };
  return new Proxy(named as GitForge, {
    get(target, name, receiver) {
      if (name in target || typeof name === 'symbol' || name === 'then') {
        return Reflect.get(target, name, receiver);
      }
      return () => {
        throw new Error(
          `The mocked forge was not told what to do on '${name}'`,
        );
      };
    },
  });
}

/** @public */
export function mockForgeService(...forges: readonly GitForge[]): ForgeService {
  return new DefaultForgeService(forges);
}

/** A client of a Gitea that a test runs: with little patience, and with small pages so that there are several. @internal */
export function createTestGitea(options: {
  readonly url: string;
  readonly token: string;
  readonly patienceMs?: number;
}): GitForge {
  const { url, token, patienceMs = 3_000 } = options;
  return new GiteaForge({
    config: { host: new URL(url).host, baseUrl: url, password: token },
    patienceMs,
    pageSize: 5,
    limits: {
      retryMinMs: 1,
      retryMaxMs: 20,
      breakerOpenMs: 200,
      // A machine that runs all tests at once may be slow.
      firstByteTimeoutMs: 20_000,
      readTimeoutMs: 30_000,
    },
  });
}
