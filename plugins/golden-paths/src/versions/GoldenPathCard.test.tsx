import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import type { TemplateVersions } from '@waystone/plugin-golden-paths-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { goldenPathsApiRef } from '../api/GoldenPathsClient';
import type { GoldenPathsApi } from '../api/GoldenPathsClient';
import { GoldenPathCard } from './GoldenPathCard';
import { madeByGoldenPath } from './madeByGoldenPath';

const entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'cart',
    annotations: {
      'waystone.dev/template': 'nodejs-service',
      'waystone.dev/template-version': '1.0.0',
    },
  },
};
const versions: TemplateVersions = {
  templateRef: 'template:default/nodejs-service',
  title: 'Node.js service',
  current: '1.2.0',
};

function renderCard(getVersions: GoldenPathsApi['getVersions']) {
  return renderInTestApp(
    <TestApiProvider
      apis={[[goldenPathsApiRef, { getVersions } as GoldenPathsApi]]}
    >
      <EntityProvider entity={entity}>
        <GoldenPathCard />
      </EntityProvider>
    </TestApiProvider>,
  );
}

describe('GoldenPathCard', () => {
  it('should say how many versions it is behind, and what they brought', async () => {
    const getVersions = jest.fn(async () => ({
      ...versions,
      newer: [
        { version: '1.2.0', changes: ['Logs are JSON.'] },
        { version: '1.1.0', changes: ['Metrics.'] },
      ],
    }));
    await renderCard(getVersions);
    expect(await screen.findByText('2 versions behind')).toBeInTheDocument();
    expect(
      screen.getByText('Made by Node.js service 1.0.0'),
    ).toBeInTheDocument();
    expect(getVersions).toHaveBeenCalledWith(
      { name: 'nodejs-service', namespace: 'default', version: '1.0.0' },
      expect.anything(),
    );

    await userEvent.click(screen.getByRole('button', { name: 'What changed' }));
    const dialog = await screen.findByRole('dialog');
    expect(
      within(dialog).getByRole('heading', { name: '1.1.0' }),
    ).toBeInTheDocument();
    expect(within(dialog).getByText('Logs are JSON.')).toBeInTheDocument();
  });

  it('should say that it is up to date', async () => {
    await renderCard(async () => ({ ...versions, newer: [] }));
    expect(await screen.findByText('Up to date')).toBeInTheDocument();
  });

  it('should not guess about an unknown version', async () => {
    await renderCard(async () => versions);
    expect(await screen.findByText('The newest is 1.2.0')).toBeInTheDocument();
  });

  it('should say why nothing is known', async () => {
    await renderCard(async () => {
      throw new Error('The template is gone');
    });
    expect(await screen.findByText('The template is gone')).toBeInTheDocument();
  });

  it('should be for what a golden path has made', () => {
    expect(madeByGoldenPath(entity)).toBe(true);
    expect(madeByGoldenPath({ ...entity, metadata: { name: 'by-hand' } })).toBe(
      false,
    );
  });
});
