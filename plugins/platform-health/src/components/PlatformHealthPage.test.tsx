import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type {
  PlatformSystem,
  SandboxResponse,
} from '@waystone/plugin-platform-health-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { SWRConfig } from 'swr';
import { platformHealthApiRef } from '../api/PlatformHealthClient';
import type { PlatformHealthApi } from '../api/PlatformHealthClient';
import { PlatformHealthPage } from './PlatformHealthPage';

const healthy: PlatformSystem = {
  system: 'argocd',
  instance: 'main',
  url: 'https://argocd.example',
  state: 'ok',
  version: 'v3.5.1',
  latencyMs: 12.4,
  breaker: 'closed',
  inFlight: 0,
  queued: 0,
  held: [{ name: 'applications', items: 1200, stale: false }],
};

const down: PlatformSystem = {
  ...healthy,
  system: 'prometheus',
  state: 'down',
  problem: 'connection refused',
  breaker: 'open',
  held: [],
  lastError: {
    at: new Date().toISOString(),
    operation: 'query',
    message: 'prometheus (main) failed to query',
  },
};

const sandbox: SandboxResponse = {
  systems: [],
  faults: { vault: { status: 503 } },
  stories: [
    {
      name: 'drift',
      title: 'Drift',
      summary: 'Somebody changes a Deployment by hand.',
      look: 'The Delivery tab of order-service.',
    },
    {
      name: 'bad-deploy',
      title: 'Bad deploy',
      summary: 'A version that crashes is deployed.',
      look: 'Home.',
      activeSince: new Date().toISOString(),
    },
  ],
};

function render(api: Partial<PlatformHealthApi>, allowed = true) {
  const all: PlatformHealthApi = {
    listSystems: async () => ({ items: [], totalItems: 0 }),
    findSandbox: async () => undefined,
    changeStory: jest.fn(async () => {}),
    clearFault: jest.fn(async () => {}),
    ...api,
  };
  renderInTestApp(
    <TestApiProvider
      apis={[
        [platformHealthApiRef, all],
        [
          permissionApiRef,
          {
            authorize: async () => ({
              result: allowed ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
            }),
          },
        ],
      ]}
    >
      {/* Permissions are cached for the whole process otherwise */}
      <SWRConfig value={{ provider: () => new Map() }}>
        <PlatformHealthPage />
      </SWRConfig>
    </TestApiProvider>,
  );
  return all;
}

describe('PlatformHealthPage', () => {
  it('shows the unwell first, with what is wrong', async () => {
    render({
      listSystems: async () => ({ items: [healthy, down], totalItems: 2 }),
    });
    expect(
      await screen.findByText(/1 of 2 systems need attention/),
    ).toBeVisible();
    const rows = within(
      screen.getByRole('table', { name: 'Systems behind the portal' }),
    ).getAllByRole('row');
    expect(rows[1]).toHaveTextContent('Prometheus');
    expect(rows[1]).toHaveTextContent('Down');
    expect(rows[1]).toHaveTextContent('connection refused');
    expect(rows[1]).toHaveTextContent('Open');
    expect(rows[2]).toHaveTextContent('Argo CD');
    expect(rows[2]).toHaveTextContent('12 ms');
    expect(rows[2]).toHaveTextContent('1,200 applications, current');
  });

  it('says what to do when nothing is connected', async () => {
    render({});
    expect(
      await screen.findByRole('heading', { name: 'Nothing is connected yet' }),
    ).toBeVisible();
    expect(screen.queryByText('Stories of the sandbox')).toBeNull();
  });

  it('keeps the last answer when the next one fails', async () => {
    let fails = false;
    render({
      listSystems: async () => {
        if (fails) throw new Error('the backend is away');
        return { items: [healthy], totalItems: 1 };
      },
    });
    expect(await screen.findByText('Argo CD')).toBeVisible();
    fails = true;
    await userEvent.click(screen.getByRole('button', { name: 'Check now' }));
    expect(await screen.findByText(/the backend is away/)).toBeVisible();
    expect(screen.getByText('Argo CD')).toBeVisible();
  });

  it('names the missing permission', async () => {
    render({
      listSystems: async () => {
        throw Object.assign(new Error('denied'), {
          name: 'ResponseError',
          statusCode: 403,
        });
      },
    });
    expect(
      await screen.findByText(/platform-health\.system\.read/),
    ).toBeVisible();
  });

  it('starts and undoes stories and clears faults', async () => {
    const api = render({ findSandbox: async () => sandbox });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Start Drift' }),
    );
    await waitFor(() =>
      expect(api.changeStory).toHaveBeenCalledWith('drift', 'start'),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Undo Bad deploy' }),
    );
    await waitFor(() =>
      expect(api.changeStory).toHaveBeenCalledWith('bad-deploy', 'undo'),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Clear the fault of vault' }),
    );
    await waitFor(() => expect(api.clearFault).toHaveBeenCalledWith('vault'));
  });

  it('says why a story could not be started', async () => {
    render({
      findSandbox: async () => sandbox,
      changeStory: async () => {
        throw new Error('The story is under way already.');
      },
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Start Drift' }),
    );
    expect(
      await screen.findByText('The story is under way already.'),
    ).toBeVisible();
  });

  it('lets others only look', async () => {
    render({ findSandbox: async () => sandbox }, false);
    expect(
      await screen.findByText(/Only the platform team can start/),
    ).toBeVisible();
    expect(screen.getByRole('button', { name: 'Start Drift' })).toBeDisabled();
  });
});
