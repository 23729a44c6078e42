import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { configApiRef } from '@backstage/frontend-plugin-api';
import { screen, within } from '@testing-library/react';
import { RunsInSection } from './RunsInSection';

const environments = [
  { name: 'development', cluster: 'nonprod' },
  { name: 'production', cluster: 'prod' },
];

function render(
  options: {
    annotation?: string;
    type?: string;
    relations?: { type: string; targetRef: string }[];
    none?: boolean;
  } = {},
) {
  const data = options.none ? {} : { waystone: { environments } };
  renderInTestApp(
    <TestApiProvider apis={[[configApiRef, mockApis.config({ data })]]}>
      <RunsInSection
        entity={{
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: {
            name: 'shop',
            annotations: options.annotation
              ? { 'waystone.dev/environments': options.annotation }
              : {},
          },
          spec: { type: options.type ?? 'service' },
          relations: options.relations ?? [
            { type: 'partOf', targetRef: 'system:default/ordering' },
          ],
        }}
      />
      <p>end</p>
    </TestApiProvider>,
  );
}

describe('RunsInSection', () => {
  it('names the namespace and the cluster of each environment', async () => {
    render();
    const list = await screen.findByRole('list', { name: 'Runs in' });
    const [development, production] = within(list).getAllByRole('listitem');
    expect(development).toHaveTextContent(
      'Developmentordering-development on nonprod',
    );
    expect(production).toHaveTextContent(
      'Production protectedordering-production on prod',
    );
  });

  it('shows only those that the entity names, and what nobody has', async () => {
    render({ annotation: 'development, moon', relations: [] });
    const list = await screen.findByRole('list', { name: 'Runs in' });
    expect(within(list).getAllByRole('listitem')).toHaveLength(1);
    expect(list).toHaveTextContent('Developmentnonprod');
    expect(screen.getByText(/no environment moon/)).toBeInTheDocument();
  });

  it('is not there for what does not run, or without environments', async () => {
    render({ type: 'library' });
    await screen.findByText('end');
    expect(screen.queryByText('Runs in')).not.toBeInTheDocument();
  });

  it('is not there without environments', async () => {
    render({ none: true });
    await screen.findByText('end');
    expect(screen.queryByText('Runs in')).not.toBeInTheDocument();
  });
});
