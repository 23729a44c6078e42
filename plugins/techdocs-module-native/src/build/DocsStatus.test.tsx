import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { toastApiRef } from '@backstage/frontend-plugin-api';
import type {
  DocsBuild,
  DocsPage,
} from '@waystone/plugin-techdocs-native-common';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { docsBuildApiRef, type DocsBuildApi } from '../api/DocsBuildClient';
import { DocsStatus } from './DocsStatus';

const entityRef = { kind: 'component', namespace: 'default', name: 'orders' };

let mockShadowRoot: ShadowRoot;

jest.mock('@backstage/plugin-techdocs-react', () => ({
  ...jest.requireActual('@backstage/plugin-techdocs-react'),
  useTechDocsReaderPage: () => ({ entityRef }),
  useShadowRoot: () => mockShadowRoot,
}));

const DAY = 24 * 3600 * 1000;

beforeEach(() => {
  const host = document.createElement('div');
  mockShadowRoot = host.attachShadow({ mode: 'open' });
  mockShadowRoot.innerHTML =
    '<footer class="md-footer"><a rel="next" href="#next">Next</a></footer>';
  document.body.replaceChildren(host);
  localStorage.clear();
});

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

async function show(build: DocsBuild, page: Partial<DocsPage> = {}) {
  const api: jest.Mocked<DocsBuildApi> = {
    getBuild: jest.fn().mockResolvedValue(build),
    confirm: jest.fn().mockResolvedValue(undefined),
    sendFeedback: jest.fn().mockResolvedValue(undefined),
    getPage: jest.fn().mockImplementation(async (_, path) => ({
      path,
      ...page,
    })),
    countRead: jest.fn().mockResolvedValue(undefined),
    getWaitingFeedback: jest.fn(),
    getFeedback: jest.fn(),
    setHandled: jest.fn(),
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
    await userEvent.click(await screen.findByRole('button', { name: 'Yes' }));
    expect(await screen.findByRole('status')).toHaveTextContent('Thank you');
    expect(api.sendFeedback).toHaveBeenCalledWith(entityRef, {
      page: '',
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

  it('says when and by whom the page itself was changed, and where to report what is wrong', async () => {
    const api = await show(built, {
      updatedAt: new Date(Date.now() - 21 * DAY).toISOString(),
      updatedBy: 'Priya Raman',
      issueUrl: 'https://git.example.com/orders/issues/new',
    });
    expect(await screen.findByText(/by Priya Raman/)).toHaveTextContent(
      'Updated 3 weeks ago by Priya Raman',
    );
    expect(
      screen.getByRole('link', { name: 'Report an issue' }),
    ).toHaveAttribute('href', 'https://git.example.com/orders/issues/new');
    expect(api.countRead).toHaveBeenCalledWith(entityRef, '');
  });

  it('goes to the next page with n, makes pages wide with w, and says so with ?', async () => {
    await show(built);
    await screen.findByText('3 days ago');
    const clicked = jest.fn((event: Event) => event.preventDefault());
    mockShadowRoot.querySelector('a')!.addEventListener('click', clicked);
    await userEvent.keyboard('n');
    expect(clicked).toHaveBeenCalledTimes(1);
    await userEvent.keyboard('w');
    const host = mockShadowRoot.host as HTMLElement;
    expect(host.style.getPropertyValue('--docs-measure')).toBe('100%');
    expect(localStorage.getItem('waystone.docs.width')).toBe('wide');
    await userEvent.keyboard('?');
    expect(
      await screen.findByRole('dialog', { name: 'Keys' }),
    ).toHaveTextContent('Search these docs');
  });

  it('leaves letters to the field that has the focus', async () => {
    await show(built);
    await userEvent.click(await screen.findByRole('button', { name: 'No' }));
    const clicked = jest.fn((event: Event) => event.preventDefault());
    mockShadowRoot.querySelector('a')!.addEventListener('click', clicked);
    await userEvent.type(screen.getByRole('textbox'), 'next, please');
    expect(clicked).not.toHaveBeenCalled();
  });

  it('leads owners to what readers say', async () => {
    await show({ ...built, owner: true });
    expect(
      await screen.findByRole('link', {
        name: 'What readers say of these docs',
      }),
    ).toHaveAttribute('href', '/docs-feedback/default/component/orders');
  });
});
