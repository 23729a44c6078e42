import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import type {
  CreateRequest,
  Offering,
  Preview,
  RequestDetail,
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

function renderForm(
  preview: (body: CreateRequest) => Promise<Preview>,
  draft?: RequestDetail,
) {
  const api = {
    preview: jest.fn(preview),
    create: jest.fn().mockResolvedValue({ id: 'r1' }),
    createDraft: jest.fn().mockResolvedValue({ id: 'd1', version: 1 }),
    saveDraft: jest.fn(
      async (id: string, { version }: { version: number }) => ({
        id,
        version: version + 1,
      }),
    ),
    submitDraft: jest.fn().mockResolvedValue({ id: 'd1' }),
    discardDraft: jest.fn().mockResolvedValue({ id: 'd1' }),
  };
  const onSubmitted = jest.fn();
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
        draft={draft}
        onSubmitted={onSubmitted}
        teams={{
          owners: ['group:default/orders'],
          systems: { 'group:default/orders': ['ordering'] },
          components: {},
        }}
      />
    </TestApiProvider>,
  );
  return { ...api, onSubmitted };
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

  it('keeps what is not finished as a draft', async () => {
    const api = renderForm(async () => fine);
    await userEvent.click(await screen.findByRole('radio', { name: /Large/ }));
    await userEvent.click(
      screen.getByRole('button', { name: 'Save as draft' }),
    );
    await waitFor(() =>
      expect(api.createDraft).toHaveBeenCalledWith(
        expect.objectContaining({
          name: '',
          parameters: { size: 'large', storageGB: 10 },
        }),
        expect.stringMatching(/^[0-9a-f-]{36}$/),
      ),
    );
    expect(api.create).not.toHaveBeenCalled();
  });

  it('goes on with a draft: saves, submits what is written now, discards', async () => {
    const kept = {
      offering: offering.id,
      name: 'orders-db',
      environment: 'development',
      system: 'ordering',
      owner: 'group:default/orders',
      parameters: { size: 'large' },
      timeToLiveDays: 7,
    };
    const api = renderForm(async () => fine, {
      id: 'd1',
      version: 4,
      status: 'draft',
      draft: kept,
    } as unknown as RequestDetail);
    expect(await screen.findByRole('radio', { name: /Large/ })).toBeChecked();
    const name = screen.getByRole('textbox', { name: /Name/ });
    expect(name).toHaveValue('orders-db');
    await userEvent.click(screen.getByRole('button', { name: 'Save draft' }));
    expect(
      await screen.findByText('Saved. Only you and your team see it.'),
    ).toBeVisible();
    await userEvent.type(name, '-2');
    expect(screen.queryByText(/Only you and your team/)).toBeNull();
    const submit = screen.getByRole('button', { name: 'Request PostgreSQL' });
    await waitFor(() => expect(submit).toBeEnabled());
    await userEvent.click(submit);
    await waitFor(() => expect(api.onSubmitted).toHaveBeenCalled());
    expect(api.saveDraft.mock.calls).toEqual([
      ['d1', expect.objectContaining({ version: 4, timeToLiveDays: 7 })],
      ['d1', expect.objectContaining({ version: 5, name: 'orders-db-2' })],
    ]);
    expect(api.submitDraft).toHaveBeenCalledWith('d1', 6);
    await userEvent.click(
      screen.getByRole('button', { name: 'Discard draft' }),
    );
    expect(api.discardDraft).toHaveBeenCalledWith('d1');
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
