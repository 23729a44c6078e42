import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import type { Inventory } from '@waystone/plugin-golden-paths-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { goldenPathsApiRef } from '../api/GoldenPathsClient';
import type { GoldenPathsApi } from '../api/GoldenPathsClient';
import { RunInventory } from './RunInventory';

jest.setTimeout(30_000);

const TASK = 'b5f58f44-1a5f-4f54-a1c1-ef2b0a4a3a11';
const REPOSITORY = '0f0c9a3e-25ff-4f9d-9c4d-0d8a2f5b1c01';
const SECRET = '0f0c9a3e-25ff-4f9d-9c4d-0d8a2f5b1c02';

const inventory: Inventory = {
  resources: [
    {
      id: REPOSITORY,
      kind: 'repository',
      title: 'example/loyalty',
      url: 'https://git.example.com/example/loyalty',
      state: 'created',
      createdAt: '2026-01-01T00:00:00.000Z',
    },
    {
      id: SECRET,
      kind: 'secret',
      title: 'secret/a/b',
      state: 'announced',
      createdAt: '2026-01-01T00:00:01.000Z',
    },
  ],
  removable: true,
  ended: true,
  completed: false,
};

function renderInventory(parts: Partial<GoldenPathsApi>) {
  const api = { getInventory: async () => inventory, ...parts };
  return renderInTestApp(
    <TestApiProvider apis={[[goldenPathsApiRef, api as GoldenPathsApi]]}>
      <RunInventory taskId={TASK} />
    </TestApiProvider>,
  );
}

describe('RunInventory', () => {
  it('shows what would be removed, and removes it when its name is typed', async () => {
    const remove = jest.fn(async () => ({
      removed: [SECRET, REPOSITORY],
      inventory,
    }));
    const previewRemoval = jest.fn(async () => ({
      steps: [
        {
          id: SECRET,
          kind: 'secret' as const,
          title: 'secret/a/b',
          present: false,
          notes: [],
        },
        {
          id: REPOSITORY,
          kind: 'repository' as const,
          title: 'example/loyalty',
          present: true,
          notes: ['It has 2 commits since this run, which go with it'],
        },
      ],
    }));
    await renderInventory({ previewRemoval, remove });
    expect(await screen.findByText('2 things are there.')).toBeInTheDocument();
    expect(screen.getByText('Perhaps made')).toBeInTheDocument();

    await userEvent.click(screen.getByRole('button', { name: 'Remove all' }));
    const dialog = await screen.findByRole('dialog');
    expect(
      await within(dialog).findByText(/2 commits since this run/),
    ).toBeInTheDocument();
    const confirm = within(dialog).getByRole('button', { name: 'Remove 2' });
    expect(confirm).toBeDisabled();
    await userEvent.type(
      within(dialog).getByRole('textbox'),
      'example/loyalty',
    );
    await userEvent.click(confirm);
    await waitFor(() =>
      expect(remove).toHaveBeenCalledWith(TASK, [SECRET, REPOSITORY]),
    );
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
  });

  it('leaves out what must stay, and says what failed', async () => {
    const remove = jest.fn(async () => ({
      removed: [],
      failed: { id: SECRET, message: 'Vault does not answer' },
      inventory,
    }));
    await renderInventory({
      remove,
      previewRemoval: async () => ({
        steps: [
          {
            id: SECRET,
            kind: 'secret',
            title: 'secret/a/b',
            present: true,
            notes: [],
          },
          {
            id: REPOSITORY,
            kind: 'repository',
            title: 'example/loyalty',
            present: true,
            refused: 'Its commits are not of this run',
            notes: [],
          },
        ],
      }),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Remove all' }),
    );
    expect(
      await screen.findByText('Stays: Its commits are not of this run'),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Remove one' }));
    expect(
      await screen.findByText('Vault does not answer'),
    ).toBeInTheDocument();
    expect(remove).toHaveBeenCalledWith(TASK, [SECRET]);
  });

  it('offers nothing while the run goes on, or to who may not', async () => {
    await renderInventory({
      getInventory: async () => ({ ...inventory, ended: false }),
    });
    expect(await screen.findByText(/Cancel the run first/)).toBeInTheDocument();
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });

  it('is not there when a run has made nothing', async () => {
    const getInventory = jest.fn(async () => ({ ...inventory, resources: [] }));
    await renderInventory({ getInventory });
    await waitFor(() => expect(getInventory).toHaveBeenCalled());
    expect(screen.queryByRole('heading')).not.toBeInTheDocument();
  });
});
