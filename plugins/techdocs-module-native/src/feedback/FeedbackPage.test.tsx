import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { ResponseError } from '@backstage/errors';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import type { DocsFeedbackReport } from '@waystone/plugin-techdocs-native-common';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router-dom';
import { docsBuildApiRef, type DocsBuildApi } from '../api/DocsBuildClient';
import { FeedbackPage } from './FeedbackPage';

const entity = { kind: 'component', namespace: 'default', name: 'orders' };

const report: DocsFeedbackReport = {
  items: [
    {
      id: '7f0c5b8e-2f37-4a5c-8d0a-0a2f4f3f1f11',
      page: 'runbook/',
      helpful: false,
      comment: 'The restart command is the old one.',
      userRef: 'user:default/maya.okafor',
      createdAt: new Date(Date.now() - 3600_000).toISOString(),
    },
  ],
  totalItems: 1,
  helpful: 4,
  unhelpful: 1,
  open: 1,
  pages: [{ page: 'runbook/', helpful: 4, unhelpful: 1 }],
};

async function show(
  getFeedback: jest.Mock,
  address = '/docs-feedback/default/component/orders',
) {
  const api: jest.Mocked<DocsBuildApi> = {
    getBuild: jest.fn(),
    confirm: jest.fn(),
    sendFeedback: jest.fn(),
    getPage: jest.fn(),
    countRead: jest.fn(),
    getFeedback,
    getWaitingFeedback: jest.fn(),
    setHandled: jest.fn().mockResolvedValue(undefined),
  };
  await renderInTestApp(
    <TestApiProvider apis={[[docsBuildApiRef, api]]}>
      <Routes>
        <Route
          path="/docs-feedback/:namespace/:kind/:name"
          element={<FeedbackPage />}
        />
      </Routes>
    </TestApiProvider>,
    {
      initialRouteEntries: [address],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
  return api;
}

describe('FeedbackPage', () => {
  it('lists what readers say, and marks it as dealt with', async () => {
    const api = await show(jest.fn().mockResolvedValue(report));
    expect(
      await screen.findByText('4 helped, 1 not helped, 1 open.'),
    ).toBeInTheDocument();
    expect(screen.getByText(report.items[0].comment!)).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'runbook/' })).toHaveAttribute(
      'href',
      '/docs/default/component/orders/runbook/',
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Mark as dealt with' }),
    );
    expect(api.setHandled).toHaveBeenCalledWith(
      entity,
      report.items[0].id,
      true,
    );
    await waitFor(() => expect(api.getFeedback).toHaveBeenCalledTimes(2));
  });

  it('asks for what its address says', async () => {
    const api = await show(
      jest.fn().mockResolvedValue({ ...report, items: [], totalItems: 0 }),
      '/docs-feedback/default/component/orders?state=handled&page=runbook/&offset=25',
    );
    expect(await screen.findByText('Nothing here.')).toBeInTheDocument();
    expect(api.getFeedback).toHaveBeenCalledWith(
      entity,
      { state: 'handled', page: 'runbook/', offset: 25, limit: 25 },
      expect.anything(),
    );
  });

  it('says to others that it is for owners, and who they are', async () => {
    const refused = await ResponseError.fromResponse({
      status: 403,
      statusText: 'Forbidden',
      headers: new Headers({ 'content-type': 'application/json' }),
      text: async () =>
        JSON.stringify({
          error: { name: 'NotAllowedError', message: 'Only owners may' },
          response: { statusCode: 403 },
        }),
    } as Response);
    await show(jest.fn().mockRejectedValue(refused));
    expect(
      await screen.findByText(
        'Only the owners of these docs may read what readers say.',
      ),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: /orders/ })).toBeInTheDocument();
  });

  it('says what failed', async () => {
    await show(jest.fn().mockRejectedValue(new Error('No connection')));
    expect(await screen.findByText('No connection')).toBeInTheDocument();
  });
});
