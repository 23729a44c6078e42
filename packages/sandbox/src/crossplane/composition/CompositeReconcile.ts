import type { ControllerTools } from '../../kubernetes/controllers/Controller';
import {
  findCondition,
  setCondition,
} from '../../kubernetes/controllers/conditions';
import type { Condition } from '../../kubernetes/controllers/conditions';
import { refTo } from '../../kubernetes/controllers/objectKey';
import { writeStatus } from '../../kubernetes/controllers/writeStatus';
import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import { isPaused } from '../crossplaneTypes';
import { layoutOf } from '../definitions/compositeDefinition';
import type { ComposedObjects } from './ComposedObjects';
import type { PipelineState } from './ComposedState';
import { mergeValues } from './fieldPath';
import { runPipeline } from './runPipeline';
import { selectComposition } from './selectComposition';

const FINALIZER = 'composite.apiextensions.crossplane.io';
const NAMED_RESOURCES = 3;

interface CompositeReconcileOptions {
  readonly tools: ControllerTools;
  readonly definition: KubernetesObject;
  readonly composite: KubernetesObject;
  readonly composed: ComposedObjects;
  watchComposed(object: KubernetesObject): void;
  retry(): void;
}

/**
 * One look at one composite resource.
 *
 * @internal
 */
export class CompositeReconcile {
  readonly #options: CompositeReconcileOptions;
  readonly #component: string;
  #composite: KubernetesObject;

  constructor(options: CompositeReconcileOptions) {
    this.#options = options;
    this.#composite = options.composite;
    const { spec } = options.definition;
    this.#component = `defined/compositeresource.${spec.names.plural}.${spec.group}`;
  }

  run(): void {
    const { retry } = this.#options;
    if (isPaused(this.#composite)) {
      this.#write([
        {
          type: 'Synced',
          status: 'False',
          reason: 'ReconcilePaused',
          message: 'Reconciliation is paused via the pause annotation',
        },
      ]);
      return;
    }
    if (this.#composite.metadata.deletionTimestamp) {
      this.#delete();
      return;
    }
    if (!this.#composite.metadata.finalizers?.includes(FINALIZER)) {
      this.#patch({
        metadata: {
          finalizers: [
            ...(this.#composite.metadata.finalizers ?? []),
            FINALIZER,
          ],
        },
      });
    }
    try {
      this.#compose();
    } catch (error) {
      const message = (error as Error).message;
      const before = findCondition(
        this.#composite.status?.conditions,
        'Synced',
      );
      if (before?.message !== message) {
        this.#record('Warning', 'ComposeResources', message);
      }
      this.#write([
        { type: 'Synced', status: 'False', reason: 'ReconcileError', message },
      ]);
      retry();
    }
  }

  /** What Crossplane itself keeps in the composite resource. */
  get #machinery(): any {
    const { spec = {} } = this.#composite;
    return this.#isModern ? spec.crossplane ?? {} : spec;
  }

  get #isModern(): boolean {
    return layoutOf(this.#options.definition) === 'modern';
  }

  #compose(): void {
    const { definition, composed, tools, watchComposed } = this.#options;
    const { composition, revision } = selectComposition(
      tools.cluster,
      definition,
      this.#composite,
      this.#machinery,
    );
    if (!this.#machinery.compositionRef) {
      this.#record(
        'Normal',
        'SelectComposition',
        `Successfully selected composition: ${composition}`,
      );
    }
    this.#patchMachinery({
      compositionRef: { name: composition },
      compositionRevisionRef: { name: revision.metadata.name },
      compositionUpdatePolicy:
        this.#machinery.compositionUpdatePolicy ?? 'Automatic',
    });

    const observed = composed.observe(this.#composite, this.#machinery);
    const state: PipelineState = {
      composite: this.#composite,
      observed,
      status: {},
      desired: new Map(),
      results: [],
    };
    runPipeline(revision.spec.pipeline ?? [], state);

    const plan = composed.plan(this.#composite, state);
    const isNew =
      plan.objects.length !== (this.#machinery.resourceRefs ?? []).length;
    this.#patchMachinery({ resourceRefs: plan.references });
    for (const { name, object } of plan.objects) {
      watchComposed(composed.apply(name, object));
    }
    composed.removeOthers(observed, state.desired);
    if (isNew) {
      this.#record(
        'Normal',
        'ComposeResources',
        'Successfully composed resources',
      );
    }
    state.results
      .filter(({ severity }) => severity === 'Warning')
      .forEach(({ message }) =>
        this.#record('Warning', 'ComposeResources', message),
      );
    this.#writeResult(state);
  }

  #writeResult(state: PipelineState): void {
    const unready = [...state.desired]
      .filter(([, { ready }]) => ready !== true)
      .map(([name]) => name)
      .sort();
    const isReady = state.compositeReady ?? unready.length === 0;
    this.#write(
      [
        { type: 'Synced', status: 'True', reason: 'ReconcileSuccess' },
        isReady
          ? { type: 'Ready', status: 'True', reason: 'Available' }
          : {
              type: 'Ready',
              status: 'False',
              reason: 'Creating',
              ...(unready.length > 0 && {
                message: `Unready resources: ${nameSome(unready)}`,
              }),
            },
        ...(this.#isModern
          ? [
              {
                type: 'Responsive',
                status: 'True',
                reason: 'WatchCircuitClosed',
              } as const,
            ]
          : []),
      ],
      state.status,
    );
  }

  #delete(): void {
    const { composed } = this.#options;
    this.#write([{ type: 'Ready', status: 'False', reason: 'Deleting' }]);
    if (composed.removeAll(this.#composite, this.#machinery)) {
      this.#patch({
        metadata: {
          finalizers: (this.#composite.metadata.finalizers ?? []).filter(
            name => name !== FINALIZER,
          ),
        },
      });
    }
  }

  #patchMachinery(fields: object): void {
    this.#patch({
      spec: this.#isModern ? { crossplane: fields } : fields,
    });
  }

  #patch(patch: object): void {
    const { cluster } = this.#options.tools;
    this.#composite = cluster.patch(refTo(this.#composite), patch, {
      fieldManager: this.#component,
    });
  }

  #write(conditions: readonly Condition[], fields: object = {}): void {
    const { cluster } = this.#options.tools;
    const current = cluster.get(refTo(this.#composite));
    if (!current) {
      return;
    }
    const { conditions: before, ...rest } = current.status ?? {};
    writeStatus(
      cluster,
      current,
      {
        ...(mergeValues(rest, fields) as object),
        conditions: conditions.reduce(
          (all, condition) =>
            setCondition(all, {
              ...condition,
              observedGeneration: current.metadata.generation,
            }),
          before as Condition[] | undefined,
        ),
      },
      this.#component,
    );
  }

  #record(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#options.tools.cluster.recordEvent({
      regarding: this.#composite,
      type,
      reason,
      message,
      component: this.#component,
    });
  }
}

/** Such as `a, b, c, and 2 more`. */
function nameSome(names: readonly string[]): string {
  const rest = names.length - NAMED_RESOURCES;
  const named = names.slice(0, NAMED_RESOURCES).join(', ');
  return rest > 0 ? `${named}, and ${rest} more` : named;
}
