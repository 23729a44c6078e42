import type {
  AuthService,
  BackstageCredentials,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { InputError, ResponseError } from '@backstage/errors';
import { z } from 'zod';

/** Of a request, what golden paths need. */
const requestSchema = z.looseObject({
  id: z.uuid(),
  kind: z.string(),
  name: z.string(),
  environment: z.string(),
  status: z.string(),
  statusReason: z.string().optional(),
  deletionProtection: z.boolean().optional(),
});

const offeringsSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      id: z.string(),
      kind: z.string(),
      environments: z.array(z.string()),
    }),
  ),
});

const listSchema = z.looseObject({ items: z.array(requestSchema) });

const previewSchema = z.looseObject({
  verdicts: z.array(
    z.looseObject({ severity: z.string(), message: z.string() }),
  ),
  cost: z.looseObject({ monthly: z.number(), currency: z.string() }).optional(),
  approval: z.looseObject({
    required: z.boolean(),
    reasons: z.array(z.string()),
  }),
});

/** What would become of a request. */
export type PreviewedInfrastructure = z.infer<typeof previewSchema>;

/** A request for infrastructure. */
export type RequestedInfrastructure = z.infer<typeof requestSchema>;

/** What is asked for. */
export interface InfrastructureOrder {
  /** Such as `PostgreSQLInstance`. */
  readonly kind: string;
  readonly name: string;
  readonly environment: string;
  readonly system: string;
  /** Reference of a group. */
  readonly owner: string;
  /** Reference of the component that needs it. */
  readonly component?: string;
  /** Who pays. */
  readonly costCenter?: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** In whose name a call is made. */
export interface CallContext {
  readonly credentials: BackstageCredentials;
  readonly signal?: AbortSignal;
}

/** Infrastructure on request, over its HTTP API and in the name of a person. */
export class InfrastructureRequests {
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;

  constructor(options: {
    readonly auth: AuthService;
    readonly discovery: DiscoveryService;
  }) {
    this.#auth = options.auth;
    this.#discovery = options.discovery;
  }

  /**
   * Asks for something. With the same key it is asked for once, however often this is called.
   *
   * @throws InputError if nothing of this kind can be requested there
   */
  async create(
    order: InfrastructureOrder,
    idempotencyKey: string,
    context: CallContext,
  ): Promise<RequestedInfrastructure> {
    return this.#call('/requests', context, requestSchema, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Idempotency-Key': idempotencyKey,
      },
      body: JSON.stringify(await this.#toBody(order, context)),
    });
  }

  /** What would become of it. Nothing is asked for. */
  async preview(
    order: InfrastructureOrder,
    context: CallContext,
  ): Promise<PreviewedInfrastructure> {
    return this.#call('/requests/preview', context, previewSchema, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(await this.#toBody(order, context)),
    });
  }

  /** @throws NotFoundError */
  async get(
    id: string,
    context: CallContext,
  ): Promise<RequestedInfrastructure> {
    return this.#call(
      `/requests/${encodeURIComponent(id)}`,
      context,
      requestSchema,
    );
  }

  /** The one of a name in an environment that has not been deleted. */
  async find(
    wanted: { readonly name: string; readonly environment: string },
    context: CallContext,
  ): Promise<RequestedInfrastructure | undefined> {
    const { name, environment } = wanted;
    const { items } = await this.#call(
      `/requests?${new URLSearchParams({ q: name, environment })}`,
      context,
      listSchema,
    );
    return items.find(
      item =>
        item.name === name && !['deleted', 'rejected'].includes(item.status),
    );
  }

  /** Deletes what was requested, with its data. */
  async remove(
    { id, name }: RequestedInfrastructure,
    context: CallContext,
  ): Promise<void> {
    await this.#call(
      `/requests/${encodeURIComponent(id)}?${new URLSearchParams({
        confirm: name,
      })}`,
      context,
      z.unknown(),
      { method: 'DELETE' },
    );
  }

  async #toBody(order: InfrastructureOrder, context: CallContext) {
    const { kind, ...rest } = order;
    const { items } = await this.#call('/offerings', context, offeringsSchema);
    const offering = items.find(item => item.kind === kind);
    if (!offering) {
      throw new InputError(
        `Nothing of the kind '${kind}' can be requested. There is: ${
          items.map(item => item.kind).join(', ') || 'nothing'
        }`,
      );
    }
    return { offering: offering.id, ...rest };
  }

  async #call<T>(
    path: string,
    { credentials, signal }: CallContext,
    schema: z.ZodType<T>,
    init: RequestInit = {},
  ): Promise<T> {
    const { token } = await this.#auth.getPluginRequestToken({
      onBehalfOf: credentials,
      targetPluginId: 'infrastructure',
    });
    const response = await fetch(
      `${await this.#discovery.getBaseUrl('infrastructure')}${path}`,
      {
        ...init,
        headers: { ...init.headers, Authorization: `Bearer ${token}` },
        signal,
      },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return schema.parse(await response.json());
  }
}
