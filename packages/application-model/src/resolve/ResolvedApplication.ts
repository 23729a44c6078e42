import type { PlatformDefaults } from '../defaults';
import type { Application, Workload } from '../schema/Application';
import type { TargetEnvironment } from './Environment';
import type { Layers } from './Layers';
import type { Sourced } from './Sourced';

/** A port with its protocol. */
export interface ResolvedPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'http' | 'grpc' | 'tcp';
}

/** How many replicas there are. */
export type ResolvedScaling =
  | { readonly kind: 'fixed'; readonly replicas: Sourced<number> }
  | {
      readonly kind: 'automatic';
      readonly min: Sourced<number>;
      readonly max: Sourced<number>;
      readonly metric: Sourced<'cpu' | 'memory'>;
      readonly target: Sourced<number>;
    };

/** Amounts of CPU and memory. */
export interface ResolvedAmounts {
  readonly cpu: Sourced<string>;
  readonly memory: Sourced<string>;
}

/** Infrastructure that the application uses. */
export interface ResolvedBinding {
  readonly name: string;
  readonly kind: NonNullable<Workload['bindings']>[number]['kind'];
  readonly resource: string;
  readonly secret: string;
  /** Variables and the keys of the secret that they get. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables that no secret has. */
  readonly values: Readonly<Record<string, string>>;
  readonly origin: string;
}

/** How it is scraped, and what its metrics are called. */
export interface ResolvedMonitoring {
  readonly path: Sourced<string>;
  readonly port: ResolvedPort;
  readonly interval: Sourced<string>;
  readonly duration: string;
  readonly status: string;
  readonly buckets: readonly number[];
}

/** What was promised to the users, as shares between 0 and 1. */
export interface ResolvedObjectives {
  /** In hours. */
  readonly windowHours: number;
  readonly window: string;
  readonly availability?: Sourced<number>;
  readonly latency?: {
    readonly objective: Sourced<number>;
    /** In seconds. */
    readonly threshold: Sourced<number>;
  };
}

/** An application in one environment, with nothing left open. */
export interface ResolvedApplication {
  readonly application: Application;
  readonly environment: TargetEnvironment;
  readonly platform: PlatformDefaults;
  readonly layers: Layers;
  readonly name: string;
  readonly namespace: string;
  /** Name of the team. */
  readonly owner: string;
  readonly system: string;
  readonly tier: number;
  readonly version: Sourced<string>;
  readonly image: Sourced<string>;
  readonly labels: Readonly<Record<string, string | Sourced<string>>>;
  /** What finds its pods, and never changes. */
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly ResolvedPort[];
  readonly scaling: ResolvedScaling;
  readonly requests: ResolvedAmounts;
  readonly limits: ResolvedAmounts;
  readonly bindings: readonly ResolvedBinding[];
  readonly monitoring?: ResolvedMonitoring;
  readonly objectives?: ResolvedObjectives;
}
