import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import type {
  CreateRequest,
  Offering,
  Preview,
} from '@waystone/plugin-infrastructure-common';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import type { InfrastructureApi } from '../api/InfrastructureClient';
import { RequestForm } from './RequestForm';

jest.setTimeout(30_000);

const offering: Offering = {
  id: 'postgresqlinstances.platform.waystone.dev',
  apiVersion: 'platform.waystone.dev/v1alpha1',
  kind: 'PostgreSQLInstance',
  title: 'PostgreSQL',
  description: '',
  category: 'Databases',
  state: 'available',
  environments: ['development'],
  schema: {
    type: 'object',
    properties: {
      size: {
        type: 'string',
        title: 'Size',
        enum: ['small', 'large'],
        default: 'small',
      },
      storageGB: { type: 'integer', title: 'Disk', default: 10 },
      restoreFrom: {
        type: 'object',
        title: 'Restore from',
        required: ['backupName'],
        properties: { backupName: { type: 'string', title: 'Backup' } },
      },
    },
  },
  advancedFields: ['restoreFrom'],
  choices: { size: { large: { title: 'Large', description: '16 GiB' } } },
  effects: {},
  backups: false,
  rotation: false,
  approval: 'protected',
};

const fine: Preview = {
  submittable: true,
  objects: [{ kind: 'PostgreSQLInstance' }],
  verdicts: [],
  cost: { monthly: 19.2, currency: 'EUR', lines: [] },
  approval: { required: false, reasons: [], approvers: [] },
  dependants: [],
  checkedAt: '2026-01-01T00:00:00.000Z',
};

function renderForm(preview: (body: CreateRequest) => Promise<Preview>) {
  const api = {
    preview: jest.fn(preview),
    create: jest.fn().mockResolvedValue({ id: 'r1' }),
  };
  renderInTestApp(
    <TestApiProvider
      apis={[[infrastructureApiRef, api as unknown as InfrastructureApi]]}
    >
      <RequestForm
        base="/infrastructure"
        environments={[
          {
            name: 'development',
            title: 'Development',
            cluster: 'nonprod',
            namespace: '{system}-{environment}',
            promotion: 'auto',
            protected: false,
          },
        ]}
        offering={offering}
        teams={{
          owners: ['group:default/orders'],
          systems: { 'group:default/orders': ['ordering'] },
          components: {},
        }}
      />
    </TestApiProvider>,
  );
  return api;
}

describe('RequestForm', () => {
  it('previews what is typed, and sends exactly that with a key', async () => {
    const api = renderForm(async () => fine);
    const submit = await screen.findByRole('button', {
      name: 'Request PostgreSQL',
    });
    expect(submit).toBeDisabled();
    await userEvent.type(
      screen.getByRole('textbox', { name: /Name/ }),
      'orders-db',
    );
    await userEvent.click(screen.getByRole('radio', { name: /Large/ }));
    expect(
      await screen.findByText('The cluster and its policies accept it.'),
    ).toBeVisible();
    expect(screen.getByText('€19.20 a month')).toBeVisible();
    await waitFor(() => expect(submit).toBeEnabled());
    await userEvent.click(submit);
    expect(api.create).toHaveBeenCalledWith(
      {
        offering: offering.id,
        name: 'orders-db',
        environment: 'development',
        system: 'ordering',
        owner: 'group:default/orders',
        // Nothing of the settings that were never opened
        parameters: { size: 'large', storageGB: 10 },
      },
      expect.stringMatching(/^[0-9a-f-]{36}$/),
    );
  });

  it('shows at the field what a policy says of it, and cannot be sent', async () => {
    renderForm(async () => ({
      ...fine,
      submittable: false,
      verdicts: [
        {
          severity: 'error',
          source: 'policy',
          field: 'costCenter',
          policy: 'require-cost-center',
          message: 'you must provide labels: {"cost-center"}',
          fix: 'Enter the cost center',
        },
        {
          severity: 'error',
          source: 'policy',
          field: 'parameters.size',
          message: 'spec.size: <large> is not allowed here',
        },
      ],
    }));
    await userEvent.type(
      await screen.findByRole('textbox', { name: /Name/ }),
      'db',
    );
    expect(
      await screen.findByText('2 things have to be changed.'),
    ).toBeVisible();
    expect(
      screen.getAllByRole('alert').map(({ textContent }) => textContent),
    ).toEqual([
      'You must provide labels: {"cost-center"}. Enter the cost center.',
      'spec.size: <large> is not allowed here',
    ]);
    // In the form and in the preview
    expect(screen.getAllByText(/<large> is not allowed here/)).toHaveLength(2);
    expect(screen.getByRole('group', { name: 'Size' })).toBeInvalid();
    expect(
      screen.getByRole('button', { name: 'Request PostgreSQL' }),
    ).toBeDisabled();
  });

  it('says that the preview failed, and keeps what was typed', async () => {
    renderForm(async () => {
      throw new Error('The backend does not answer');
    });
    const name = await screen.findByRole('textbox', { name: /Name/ });
    await userEvent.type(name, 'db');
    expect(
      await screen.findByText('The preview could not be made'),
    ).toBeVisible();
    expect(name).toHaveValue('db');
  });
});
