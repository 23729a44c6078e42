const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * The number behind a quantity, such as 0.1 for `100m`.
 *
 * @returns 0 for what is not a quantity
 *
 * @internal
 */
export function parseQuantity(quantity: unknown): number {
  const match = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]{0,2})$/.exec(
    String(quantity ?? ''),
  );
  return match && match[2] in FACTORS
    ? Number(match[1]) * FACTORS[match[2]]
    : 0;
}

/** A number of cores, bytes or things in the form that Kubernetes prints. */
export function formatQuantity(resource: string, value: number): string {
  if (/(^|\.)cpu$/.test(resource)) {
    const milli = Math.round(value * 1000);
    return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
  }
  if (/memory|storage/.test(resource)) {
    for (const unit of ['Gi', 'Mi', 'Ki']) {
      if (value > 0 && value % FACTORS[unit] === 0) {
        return `${value / FACTORS[unit]}${unit}`;
      }
    }
  }
  return String(Math.round(value));
}

/** Cores and bytes that a pod asks for: the sum of its containers, or its greatest init container. */
export function podRequests(spec: PodResources): {
  cpu: number;
  memory: number;
} {
  const of = (resource: 'cpu' | 'memory') =>
    Math.max(
      (spec.containers ?? []).reduce(
        (sum, container) =>
          sum + parseQuantity(container.resources?.requests?.[resource]),
        0,
      ),
      ...(spec.initContainers ?? []).map(container =>
        parseQuantity(container.resources?.requests?.[resource]),
      ),
    );
  return { cpu: of('cpu'), memory: of('memory') };
}

/** What of a pod's spec says how much it needs. @internal */
export interface PodResources {
  readonly containers?: readonly ContainerResources[];
  readonly initContainers?: readonly ContainerResources[];
}

/** @internal */
export interface ContainerResources {
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string | number>>;
    readonly limits?: Readonly<Record<string, string | number>>;
  };
}
