import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { toastApiRef } from '@backstage/frontend-plugin-api';
import type { DocsBuild } from '@waystone/plugin-techdocs-native-common';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { docsBuildApiRef, type DocsBuildApi } from '../api/DocsBuildClient';
import { DocsStatus } from './DocsStatus';

const entityRef = { kind: 'component', namespace: 'default', name: 'orders' };

jest.mock('@backstage/plugin-techdocs-react', () => ({
  ...jest.requireActual('@backstage/plugin-techdocs-react'),
  useTechDocsReaderPage: () => ({ entityRef }),
}));

const built: DocsBuild = {
  entityRef: 'component:default/orders',
  state: 'built',
  builtAt: '2026-11-20T10:00:00Z',
  changedAt: new Date(Date.now() - 3 * 24 * 3600 * 1000).toISOString(),
  attemptedAt: '2026-11-20T10:00:00Z',
  owner: false,
  problems: [],
  problemCount: 0,
};

const problem = {
  severity: 'warning' as const,
  code: 'link-target-missing',
  message: 'The link "gone.md" leads nowhere.',
  fix: 'Correct the path, or create the file.',
  file: 'docs/index.md',
  line: 3,
};

async function show(build: DocsBuild) {
  const api: jest.Mocked<DocsBuildApi> = {
    getBuild: jest.fn().mockResolvedValue(build),
    confirm: jest.fn().mockResolvedValue(undefined),
    sendFeedback: jest.fn().mockResolvedValue(undefined),
  };
  await renderInTestApp(
    <TestApiProvider
      apis={[
        [docsBuildApiRef, api],
        [toastApiRef, { post: jest.fn(), toast$: jest.fn() } as never],
      ]}
    >
      <DocsStatus />
    </TestApiProvider>,
  );
  return api;
}

describe('DocsStatus', () => {
  it('says how old the source is, and asks whether the page helped', async () => {
    const api = await show(built);
    expect(await screen.findByText('3 days ago')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Yes' }));
    expect(await screen.findByRole('status')).toHaveTextContent('Thank you');
    expect(api.sendFeedback).toHaveBeenCalledWith(entityRef, {
      page: expect.any(String),
      helpful: true,
      comment: undefined,
    });
  });

  it('asks who was not helped what is missing', async () => {
    const api = await show(built);
    await userEvent.click(await screen.findByRole('button', { name: 'No' }));
    await userEvent.type(screen.getByRole('textbox'), 'An example');
    await userEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(api.sendFeedback).toHaveBeenCalledWith(
      entityRef,
      expect.objectContaining({ helpful: false, comment: 'An example' }),
    );
  });

  it('shows owners what is wrong, with file, line and what to do', async () => {
    await show({ ...built, owner: true, problems: [problem], problemCount: 1 });
    expect(
      await screen.findByText('1 thing to fix in these docs'),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Show' }));
    expect(screen.getByText('docs/index.md:3')).toBeInTheDocument();
    expect(screen.getByText(problem.fix)).toBeInTheDocument();
  });

  it('says that the pages are those of an older build when the last one failed', async () => {
    await show({
      ...built,
      state: 'failed',
      owner: true,
      builtAt: new Date(Date.now() - 21 * 24 * 3600 * 1000).toISOString(),
      error: 'mkdocs.yml:3: This is not valid YAML',
    });
    expect(
      await screen.findByText('These pages are older than their source'),
    ).toBeInTheDocument();
    expect(screen.getByText('3 weeks ago')).toBeInTheDocument();
    expect(screen.getByText(/not valid YAML/)).toBeInTheDocument();
  });

  it('lets owners confirm docs that have not changed for a year', async () => {
    const old = new Date(Date.now() - 500 * 24 * 3600 * 1000).toISOString();
    const api = await show({ ...built, owner: true, changedAt: old });
    await userEvent.click(
      await screen.findByRole('button', { name: 'It is still right' }),
    );
    expect(api.confirm).toHaveBeenCalledWith(entityRef);
    await waitFor(() => expect(api.getBuild).toHaveBeenCalledTimes(2));
  });
});
