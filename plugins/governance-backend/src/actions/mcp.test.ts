import {
  actionsRegistryServiceFactory,
  actionsServiceFactory,
} from '@backstage/backend-defaults/alpha';
import {
  mockCredentials,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
import mcpActionsPlugin from '@backstage/plugin-mcp-actions-backend';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { startGovernance } from '../__testUtils__/startGovernance';

const MAYA = 'user:default/maya';
const STRANGER = 'user:default/stranger';

jest.setTimeout(60_000);

describe('the actions of governance, through the MCP endpoint', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  const written = jest.fn();
  let url: URL;

  beforeAll(async () => {
    const { get, server } = await startGovernance(databases, {
      denied: STRANGER,
      visible: ['component:default/orders'],
      features: [
        mcpActionsPlugin,
        actionsRegistryServiceFactory,
        actionsServiceFactory,
        mockServices.auditor.mock({
          createEvent: async ({ request: _, ...options }) => ({
            success: async () => written({ ...options, outcome: 'succeeded' }),
            fail: async ({ error }: { error?: Error }) =>
              written({ ...options, outcome: 'failed', error: error?.message }),
          }),
        }).factory,
      ],
    });
    url = new URL(`http://localhost:${server.port()}/api/mcp-actions/v1`);
    const totalItems = async () =>
      (await get('/violations?owner=group:default/orders')).body.totalItems;
    while ((await totalItems()) !== 1) {
      await new Promise(resolve => {
        setTimeout(resolve, 20);
      });
    }
  });
  beforeEach(() => written.mockReset());

  const call = async (
    user: string,
    name: string,
    input: Record<string, unknown> = {},
  ) => {
    const client = new Client({ name: 'tests', version: '1' });
    await client.connect(
      new StreamableHTTPClientTransport(url, {
        requestInit: {
          headers: { authorization: mockCredentials.user.header(user) },
        },
      }),
    );
    try {
      const { tools } = await client.listTools();
      const result = await client.callTool({ name, arguments: input });
      const [content] = result.content as { text: string }[];
      return {
        tools: tools.map(tool => [
          tool.name,
          tool.annotations?.readOnlyHint,
          tool.annotations?.destructiveHint,
        ]),
        isError: result.isError ?? false,
        text: content.text,
      };
    } finally {
      await client.close();
    }
  };

  it('list what the caller may see, and are audited by her name', async () => {
    const { isError, text, tools } = await call(
      MAYA,
      'governance.list-violations',
      { limit: 5 },
    );
    expect(tools).toEqual([
      ['governance.list-violations', true, false],
      ['governance.check', true, false],
    ]);
    expect(isError).toBe(false);
    expect(text).toContain('component:default/orders');
    // Another team's, which the catalog does not show her
    expect(text).not.toContain('payments');
    expect(written.mock.calls.map(([event]) => event)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          eventId: 'violations-list',
          actor: MAYA,
          outcome: 'succeeded',
        }),
        expect.objectContaining({
          eventId: 'tool-execution',
          meta: { toolName: 'governance.list-violations' },
        }),
      ]),
    );
  });

  it('check manifests, and do not note what is in them', async () => {
    const { isError, text } = await call(MAYA, 'governance.check', {
      environment: 'production',
      manifests: 'metadata: { name: secret-plan }',
    });
    expect(isError).toBe(false);
    expect(text).toContain('"outcome":"refused"');
    expect(written.mock.calls.map(([event]) => event)).toContainEqual(
      expect.objectContaining({
        eventId: 'manifest-check',
        actor: MAYA,
        meta: { environment: 'production' },
        outcome: 'succeeded',
      }),
    );
    expect(JSON.stringify(written.mock.calls)).not.toContain('secret-plan');
  });

  it('say what is wrong with what is asked', async () => {
    const { isError, text } = await call(MAYA, 'governance.check', {
      environment: 'mars',
      manifests: 'kind: Pod',
    });
    expect(isError).toBe(true);
    expect(text).toContain('mars');
    expect(written.mock.calls.map(([event]) => event)).toContainEqual(
      expect.objectContaining({ eventId: 'manifest-check', outcome: 'failed' }),
    );
  });

  it('are not there for who may not, and that she tried is audited', async () => {
    for (const [name, input] of [
      ['governance.list-violations', {}],
      ['governance.check', { environment: 'production', manifests: 'a: b' }],
    ] as const) {
      const { isError, text, tools } = await call(STRANGER, name, input);
      expect(tools).toEqual([]);
      expect(isError).toBe(true);
      expect(text).not.toContain('orders');
      expect(written.mock.calls.map(([event]) => event)).toContainEqual(
        expect.objectContaining({
          eventId: 'tool-execution',
          meta: { toolName: name },
          outcome: 'failed',
        }),
      );
    }
  });
});
