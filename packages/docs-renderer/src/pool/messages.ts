import type { MessagePort } from 'node:worker_threads';
import type { DocsProblem } from '../diagnostics/DocsProblem';
import type { Diagram, DiagramOutcome } from '../diagrams/DiagramDrawer';
import type { BuildReport, BuildSiteOptions } from '../site/buildSite';

/** What a worker is asked to build. */
export type BuildRequest = Omit<
  BuildSiteOptions,
  'renderer' | 'signal' | 'diagrams'
>;

/** From the pool to a worker. */
export type ToWorker =
  /** Ports to the renderers of all other threads. */
  | { readonly type: 'peers'; readonly ports: readonly MessagePort[] }
  /** A port on which another thread asks for pages. */
  | { readonly type: 'serve'; readonly port: MessagePort }
  | {
      readonly type: 'build';
      readonly id: string;
      readonly request: BuildRequest;
    }
  | { readonly type: 'cancel'; readonly id: string }
  | {
      readonly type: 'drawn';
      readonly call: number;
      readonly outcome: DiagramOutcome;
    };

/** From a worker to the pool. */
export type FromWorker =
  | { readonly type: 'done'; readonly id: string; readonly report: BuildReport }
  | {
      readonly type: 'failed';
      readonly id: string;
      readonly message: string;
      readonly problems?: readonly DocsProblem[];
    }
  /** A build asks for a diagram. */
  | {
      readonly type: 'draw';
      readonly id: string;
      readonly call: number;
      readonly diagram: Diagram;
    };

/** What a worker starts with. */
export interface WorkerSettings {
  /** Shared with the pool: which page is being rendered, and since when. */
  readonly activity: SharedArrayBuffer;
  readonly cacheBytes: number;
  /** Folder for written pages of this thread. */
  readonly keepFolder: string;
  /** Languages of diagrams that the pool has drawn. */
  readonly diagramTypes: readonly string[];
}

/** Bytes of {@link WorkerSettings.activity}. */
export const ACTIVITY_BYTES = 1024;
