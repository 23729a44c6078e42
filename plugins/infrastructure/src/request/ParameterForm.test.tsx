import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { Offering, Verdict } from '@waystone/plugin-infrastructure-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { ParameterForm } from './ParameterForm';
import { withoutEmpty } from './withoutEmpty';

jest.setTimeout(60_000);

const schema = {
  type: 'object',
  required: ['targets'],
  properties: {
    size: { type: 'string', title: 'Size', enum: ['small', 'large'] },
    targets: {
      type: 'array',
      title: 'Leads to',
      description: 'Addresses or names.',
      minItems: 1,
      maxItems: 2,
      items: { type: 'string' },
    },
    env: {
      type: 'array',
      title: 'Variables',
      items: {
        type: 'object',
        required: ['name', 'value'],
        properties: {
          name: { type: 'string', title: 'Variable' },
          value: { type: 'string', title: 'Value' },
        },
      },
    },
    scale: {
      type: 'object',
      title: 'Instances',
      properties: {
        minimum: { type: 'integer', title: 'At least', default: 1 },
      },
    },
    source: {
      type: 'object',
      title: 'Begin with',
      properties: {
        snapshot: { type: 'string', title: 'Snapshot' },
        volume: { type: 'string', title: 'Copy of a volume' },
      },
      oneOf: [{ required: ['snapshot'] }, { required: ['volume'] }],
    },
  },
};

const offering = {
  schema,
  advancedFields: ['scale'],
  choices: {
    size: { small: { title: 'Small', description: '1 CPU' } },
  },
} as unknown as Offering;

/** Renders the form; gives what would be sent. */
function renderForm(
  options: {
    readonly value?: Record<string, unknown>;
    readonly verdicts?: readonly Verdict[];
  } = {},
) {
  const sent: { value: Record<string, unknown> } = { value: {} };
  function Held() {
    const [value, setValue] = useState(options.value ?? {});
    sent.value = withoutEmpty(value);
    return (
      <ParameterForm
        offering={offering}
        value={value}
        verdicts={options.verdicts ?? []}
        onChange={setValue}
      />
    );
  }
  renderInTestApp(<Held />);
  return sent;
}

const error = (field: string, message: string, fix?: string): Verdict => ({
  severity: 'error',
  source: 'schema',
  field: `parameters.${field}`,
  message,
  ...(fix && { fix }),
});

describe('ParameterForm', () => {
  it('shows values as cards, folds what is seldom needed, and nests objects', async () => {
    const sent = renderForm();
    const size = await screen.findByRole('group', { name: 'Size' });
    expect(within(size).getByText('1 CPU')).toBeVisible();
    await userEvent.click(within(size).getByRole('radio', { name: 'large' }));
    const minimum = screen.getByRole('textbox', {
      name: /At least/,
      hidden: true,
    });
    expect(minimum).not.toBeVisible();
    await userEvent.click(screen.getByText('More settings'));
    expect(minimum).toBeVisible();
    expect(
      within(screen.getByRole('group', { name: 'Instances' })).getByRole(
        'textbox',
      ),
    ).toHaveValue('1');
    await userEvent.clear(minimum);
    await userEvent.type(minimum, '3');
    await waitFor(() =>
      expect(sent.value).toMatchObject({
        size: 'large',
        scale: { minimum: 3 },
      }),
    );
  });

  it('adds to lists of values and of objects, and removes from them', async () => {
    const sent = renderForm({ value: { targets: ['a.example.org'] } });
    const targets = await screen.findByRole('group', { name: 'Leads to' });
    expect(within(targets).getByText('Addresses or names.')).toBeVisible();
    await userEvent.click(
      within(targets).getByRole('button', { name: 'Add to Leads to' }),
    );
    // An entry that nothing was typed into stays in its place.
    await waitFor(() =>
      expect(sent.value.targets).toEqual(['a.example.org', null]),
    );
    // There may be two.
    expect(
      within(targets).queryByRole('button', { name: 'Add to Leads to' }),
    ).toBeNull();
    await userEvent.type(
      within(targets).getAllByRole('textbox', { name: /^Leads to/ })[1],
      'b.example.org',
    );
    await userEvent.click(
      within(targets).getByRole('button', { name: 'Remove 1 of Leads to' }),
    );
    await waitFor(() => expect(sent.value.targets).toEqual(['b.example.org']));

    const variables = screen.getByRole('group', { name: 'Variables' });
    await userEvent.click(
      within(variables).getByRole('button', { name: 'Add to Variables' }),
    );
    await userEvent.type(
      await within(variables).findByRole('textbox', { name: /Variable/ }),
      'LEVEL',
    );
    await waitFor(() => expect(sent.value.env).toEqual([{ name: 'LEVEL' }]));
    await userEvent.click(
      within(variables).getByRole('button', { name: 'Remove 1 of Variables' }),
    );
    await waitFor(() => expect(sent.value).not.toHaveProperty('env'));
  });

  it('shows the fields of the alternative that is chosen', async () => {
    const sent = renderForm();
    const chooser = await screen.findByRole('button', { name: /Begin with/ });
    expect(chooser).toHaveTextContent('Nothing');
    expect(screen.queryByText(/unsupported/i)).toBeNull();
    expect(screen.queryByRole('textbox', { name: /Snapshot/ })).toBeNull();
    const choose = async (name: string) => {
      await userEvent.click(screen.getByRole('button', { name: /Begin with/ }));
      await userEvent.click(await screen.findByRole('option', { name }));
    };
    await choose('Snapshot');
    await userEvent.type(
      await screen.findByRole('textbox', { name: /Snapshot/ }),
      'monday',
    );
    await waitFor(() =>
      expect(sent.value.source).toEqual({ snapshot: 'monday' }),
    );
    await choose('Copy of a volume');
    await userEvent.type(
      await screen.findByRole('textbox', { name: /Copy of a volume/ }),
      'files',
    );
    // Of the other alternative nothing is left.
    await waitFor(() => expect(sent.value.source).toEqual({ volume: 'files' }));
    expect(screen.queryByRole('textbox', { name: /Snapshot/ })).toBeNull();
    await choose('Nothing');
    await waitFor(() => expect(sent.value).not.toHaveProperty('source'));
  });

  it('goes on with what was chosen before', async () => {
    renderForm({ value: { source: { volume: 'files' } } });
    expect(
      await screen.findByRole('textbox', { name: /Copy of a volume/ }),
    ).toHaveValue('files');
  });

  it('says at each field what is wrong with it, however deep it is', async () => {
    renderForm({
      value: {
        size: 'small',
        targets: ['a', 'b'],
        env: [{ name: 'A', value: 'x' }, { name: 'B' }],
        source: { snapshot: '!' },
      },
      verdicts: [
        error('size', 'must be equal to one of the allowed values'),
        error('targets', 'must NOT have more than 1 items'),
        error('targets.1', 'is no address', 'Enter one'),
        error('env.1.value', 'must be set'),
        error('scale.minimum', 'must be <= 20'),
        error('source', 'must have exactly one of snapshot, volume'),
        error('source.snapshot', 'must be such as monday'),
      ],
    });
    expect(await screen.findByRole('group', { name: 'Size' })).toBeInvalid();
    const said = (text: string) => screen.getByText(text);
    expect(said('Must NOT have more than 1 items')).toBeVisible();
    expect(screen.getByRole('group', { name: 'Leads to' })).toBeInvalid();
    const targets = screen.getByRole('group', { name: 'Leads to' });
    const [first, second] = within(targets).getAllByRole('listitem');
    expect(within(first).queryByRole('alert')).toBeNull();
    expect(within(second).getByRole('alert')).toHaveTextContent(
      'Is no address. Enter one.',
    );
    const variables = screen.getByRole('group', { name: 'Variables' });
    expect(
      within(within(variables).getAllByRole('listitem')[1]).getByRole('alert'),
    ).toHaveTextContent('Must be set');
    expect(said('Must have exactly one of snapshot, volume')).toBeVisible();
    expect(said('Must be such as monday')).toBeVisible();
    await userEvent.click(screen.getByText('More settings'));
    expect(said('Must be <= 20')).toBeVisible();
  });
});
