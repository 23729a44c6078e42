import { inspect } from 'node:util';
import { createAlertmanagerClient } from './alertmanager/createAlertmanagerClient';
import { createArgoCdClient } from './argocd/createArgoCdClient';
import { UpstreamError } from './core/UpstreamError';
import { createTestGitea } from './forge/testUtils';
import { createPrometheusClient } from './prometheus/createPrometheusClient';
import { promqlSelector } from './prometheus/promql';
import { eventually } from './testUtils/eventually';
import { startSandbox } from './testUtils/startSandbox';
import type { RunningSandbox } from './testUtils/startSandbox';
import { createVaultClient } from './vault/createVaultClient';

jest.setTimeout(60_000);

const LIMITS = {
  retryMinMs: 1,
  retryMaxMs: 20,
  breakerOpenMs: 100,
  firstByteTimeoutMs: 20_000,
  readTimeoutMs: 30_000,
};

const REPOSITORY = { owner: 'fernway', name: 'order-service' };
const SECRET = { mount: 'secret', path: 'orders/order-service/production' };

/** What each client reads, over the sandbox; clusters have a suite of their own. */
const SYSTEMS: Record<
  string,
  (sandbox: RunningSandbox) => {
    readonly close: () => Promise<void>;
    readonly calls: Record<string, () => Promise<unknown>>;
  }
> = {
  argocd: ({ url, token }) => {
    const client = createArgoCdClient({
      instance: 'test',
      baseUrl: `${url}/argocd`,
      token,
      limits: LIMITS,
    });
    return {
      close: () => client.close(),
      calls: {
        list: () => client.listApplications(),
      },
    };
  },
  vault: ({ url, token }) => {
    const client = createVaultClient({
      instance: 'test',
      baseUrl: `${url}/vault`,
      auth: { method: 'token', token },
      limits: LIMITS,
    });
    return {
      close: () => client.close(),
      calls: {
        health: () => client.health(),
        identity: () => client.identity(),
        read: () => client.findSecret(SECRET),
        metadata: () => client.findSecretMetadata(SECRET),
      },
    };
  },
  prometheus: ({ url, token }) => {
    const client = createPrometheusClient({
      instance: 'test',
      baseUrl: `${url}/prometheus`,
      authorization: () => ({ authorization: `Bearer ${token}` }),
      limits: LIMITS,
    });
    return {
      close: () => client.close(),
      calls: {
        query: () => client.query(promqlSelector('up')),
        labels: () => client.labelNames(),
        rules: () => client.rules(),
        alerts: () => client.alerts(),
      },
    };
  },
  alertmanager: ({ url, token }) => {
    const client = createAlertmanagerClient({
      instance: 'test',
      baseUrl: `${url}/alertmanager`,
      authorization: () => ({ authorization: `Bearer ${token}` }),
      limits: LIMITS,
    });
    return {
      close: () => client.close(),
      calls: {
        alerts: () => client.alerts(),
        groups: () => client.alertGroups(),
        silences: () => client.silences(),
        status: () => client.status(),
      },
    };
  },
  gitea: ({ url, token }) => {
    const forge = createTestGitea({ url: `${url}/gitea`, token });
    return {
      close: async () => {
        await forge.close();
      },
      calls: {
        repository: () => forge.findRepository(REPOSITORY),
        branch: () => forge.findBranch(REPOSITORY, 'main'),
      },
    };
  },
};

describe('faults of the systems of the sandbox', () => {
  let sandbox: RunningSandbox;
  const unhandled = jest.fn();

  beforeAll(async () => {
    process.on('unhandledRejection', unhandled);
    sandbox = await startSandbox();
  });

  afterAll(async () => {
    await sandbox?.stop();
    process.off('unhandledRejection', unhandled);
  });

  async function setFault(system: string, fault?: object) {
    const response = await fetch(`${sandbox.url}/control/faults/${system}`, {
      method: fault ? 'PUT' : 'DELETE',
      headers: {
        authorization: `Bearer ${sandbox.token}`,
        'content-type': 'application/json',
      },
      body: fault && JSON.stringify(fault),
    });
    expect(response.ok).toBe(true);
  }

  it.each(Object.keys(SYSTEMS))(
    '%s fails in its own words, without its credentials, and recovers alone',
    async system => {
      const { calls, close } = SYSTEMS[system](sandbox);
      for (const fault of [
        { malformed: true },
        { resetAfterBytes: 1 },
        { down: true },
        { status: 401 },
        { status: 500 },
      ]) {
        await setFault(system, fault);
        for (const [name, call] of Object.entries(calls)) {
          const error: unknown = await call().then(
            value => `${name} answered ${inspect(value)}`,
            failure => failure,
          );
          expect(error).toBeInstanceOf(UpstreamError);
          const shown = [
            inspect(error, { depth: 10, showHidden: true }),
            JSON.stringify(error),
            String((error as Error).stack),
          ].join('\n');
          expect(shown).not.toContain(sandbox.token);
        }
        await setFault(system);
      }
      for (const call of Object.values(calls)) {
        await eventually(() =>
          call().then(
            () => true,
            () => false,
          ),
        );
      }
      await close();
      expect(unhandled).not.toHaveBeenCalled();
    },
  );
});
