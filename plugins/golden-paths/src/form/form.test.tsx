import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { goldenPathsApiRef } from '../api/GoldenPathsClient';
import type { GoldenPathsApi } from '../api/GoldenPathsClient';
import { AdvancedInput } from './AdvancedField';
import { ForgeInput } from './ForgeField';
import { FromFilePage } from './FromFilePage';
import { PreviewPanel } from './PreviewPanel';

jest.setTimeout(30_000);

describe('PreviewPanel', () => {
  it('shows files, what clusters say, and what it costs', async () => {
    await renderInTestApp(
      <PreviewPanel
        preview={{
          files: [
            { path: 'README.md', bytes: 4, text: '# It' },
            { path: 'deploy/application.yaml', bytes: 9, text: 'kind: App' },
            { path: 'logo.png', bytes: 900 },
          ],
          verdicts: [
            { severity: 'error', source: 'prod', message: 'No owner label' },
          ],
          infrastructure: [
            {
              kind: 'PostgreSQLInstance',
              name: 'a-database',
              environment: 'production',
              monthly: 54,
              currency: 'EUR',
              approval: 'Production is protected',
            },
            {
              kind: 'PostgreSQLInstance',
              name: 'a-database',
              environment: 'development',
              monthly: 18,
              currency: 'EUR',
            },
          ],
        }}
      />,
    );
    expect(screen.getByText('No owner label')).toBeInTheDocument();
    expect(screen.getByText('€72.00 a month')).toBeInTheDocument();
    expect(
      screen.getByText('Waits for approval: Production is protected'),
    ).toBeInTheDocument();
    expect(screen.getByText('deploy/')).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'application.yaml' }),
    );
    expect(screen.getByText('kind: App')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'logo.png' }));
    expect(screen.getByText(/it is no text/)).toBeInTheDocument();
  });

  it('says why something cannot be made', async () => {
    await renderInTestApp(
      <PreviewPanel
        preview={{
          problem: 'The name is taken',
          files: [],
          verdicts: [],
          infrastructure: [],
        }}
      />,
    );
    expect(screen.getByText('The name is taken')).toBeInTheDocument();
  });
});

describe('FromFilePage', () => {
  it('says what is wrong in the file', async () => {
    const fillForm = jest.fn(async () => ({
      problems: [
        {
          line: 4,
          message: "There is no language 'cobol'",
          suggestion: 'Use go.',
        },
      ],
    }));
    await renderInTestApp(
      <TestApiProvider
        apis={[[goldenPathsApiRef, { fillForm } as unknown as GoldenPathsApi]]}
      >
        <FromFilePage />
      </TestApiProvider>,
    );
    await userEvent.type(screen.getByRole('textbox'), 'kind: ServiceRequest');
    await userEvent.click(
      screen.getByRole('button', { name: 'Fill in the form' }),
    );
    await waitFor(() =>
      expect(fillForm).toHaveBeenCalledWith('kind: ServiceRequest'),
    );
    expect(
      await screen.findByText("Line 4: There is no language 'cobol' Use go."),
    ).toBeInTheDocument();
  });
});

describe('AdvancedInput', () => {
  it('folds away what few need', async () => {
    const onChange = jest.fn();
    await renderInTestApp(
      <AdvancedInput schema={{ title: 'More' }} onChange={onChange} />,
    );
    const button = screen.getByRole('button', { name: 'More' });
    expect(button).toHaveAttribute('aria-expanded', 'false');
    await userEvent.click(button);
    expect(onChange).toHaveBeenCalledWith(true);
  });
});

describe('ForgeInput', () => {
  const show = async (...hosts: string[]) => {
    const onChange = jest.fn();
    const listForges = jest.fn(async () => ({
      items: hosts.map(host => ({ host, system: 'gitea' })),
    }));
    await renderInTestApp(
      <TestApiProvider
        apis={[
          [goldenPathsApiRef, { listForges } as unknown as GoldenPathsApi],
        ]}
      >
        <ForgeInput schema={{ title: 'Git server' }} onChange={onChange} />
      </TestApiProvider>,
    );
    await waitFor(() => expect(listForges).toHaveBeenCalled());
    await act(async () => {
      await listForges.mock.results[0].value;
    });
    return onChange;
  };

  it('lets choose among several Git servers', async () => {
    const onChange = await show('git.example.com', 'github.com');
    await userEvent.click(
      await screen.findByRole('button', { name: /Git server/ }),
    );
    await userEvent.click(
      await screen.findByRole('option', { name: 'github.com' }),
    );
    expect(onChange).toHaveBeenCalledWith('github.com');
  });

  it('asks nothing where there is one', async () => {
    await show('git.example.com');
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });
});
