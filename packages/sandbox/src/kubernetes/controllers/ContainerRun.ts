import { timestamp } from './conditions';
import { runningContainer } from './containerStates';
import { missingEnvironment } from './missingReferences';
import type { BehavingContainer, PodBehaviour } from './PodBehaviours';
import { parseImage, pullProblem } from './PodBehaviours';
import type { PodWorker } from './PodWorker';

/** The first wait before a failing container or pull is tried again; each next one is twice as long. */
const FIRST_BACK_OFF = 10;
const LAST_BACK_OFF = 300;
/** After so many failed probes their event is recorded only now and then. */
const PROBE_EVENTS = 3;

interface Exit {
  readonly exitCode: number;
  readonly reason: string;
}

interface Container extends BehavingContainer {
  readonly imagePullPolicy?: string;
  readonly readinessProbe?: {
    readonly periodSeconds?: number;
    readonly httpGet?: { readonly path?: string; readonly port?: unknown };
  };
}

/**
 * One container from its image to its steady state: ready, or ended for good.
 *
 * @remarks
 * Begins where the pod's status says that the container is, so it also takes over a container that runs.
 *
 * @internal
 */
export class ContainerRun {
  readonly #worker: PodWorker;
  readonly #container: Container;
  readonly #init: boolean;

  constructor(
    worker: PodWorker,
    container: BehavingContainer,
    options: { readonly init: boolean },
  ) {
    this.#worker = worker;
    this.#container = container;
    this.#init = options.init;
  }

  async run(): Promise<void> {
    for (;;) {
      const { state, lastState } = this.#status;
      if (state.terminated && !this.#restarts(state.terminated)) {
        return;
      }
      if (!state.running) {
        if (state.terminated || lastState.terminated) {
          await this.#backOff();
        }
        await this.#start();
      }
      const exit = await this.#live();
      if (!exit) {
        return;
      }
      this.#terminate(exit);
    }
  }

  get #name(): string {
    return this.#container.name;
  }

  get #status() {
    return this.#worker.container(this.#name);
  }

  get #behaviour(): PodBehaviour {
    const { pod, tools } = this.#worker;
    return this.#init
      ? tools.behaviours.ofInit(this.#container)
      : tools.behaviours.of(pod, this.#container);
  }

  /** Whether it runs to an end instead of for ever. */
  get #finite(): boolean {
    return (
      this.#init ||
      (this.#worker.pod.spec.restartPolicy ?? 'Always') !== 'Always'
    );
  }

  #restarts(exit: Exit): boolean {
    const policy = this.#worker.pod.spec.restartPolicy ?? 'Always';
    return this.#init || policy === 'OnFailure'
      ? exit.exitCode !== 0 && policy !== 'Never'
      : policy === 'Always';
  }

  async #start(): Promise<void> {
    await this.#pull();
    await this.#configure();
    const worker = this.#worker;
    const { restartCount, lastState } = this.#status;
    const start = lastState.terminated ? restartCount + 1 : restartCount;
    worker.record('Normal', 'Created', `Created container: ${this.#name}`);
    worker.record('Normal', 'Started', `Started container ${this.#name}`);
    worker.setContainer(this.#name, {
      ...runningContainer(worker.uid, this.#container, start),
      ready: this.#behaviour === 'healthy' && this.#readyAtOnce,
    });
  }

  get #readyAtOnce(): boolean {
    return (
      !this.#init &&
      (!this.#container.readinessProbe || this.#worker.tools.isQuick())
    );
  }

  async #pull(): Promise<void> {
    const worker = this.#worker;
    const { image } = this.#container;
    const node: string = worker.pod.spec.nodeName;
    const policy =
      this.#container.imagePullPolicy ??
      (parseImage(image).tag === 'latest' ? 'Always' : 'IfNotPresent');
    const quoted = `image "${image}"`;
    for (let backOff = FIRST_BACK_OFF; ; backOff = next(backOff)) {
      const problem = pullProblem(image);
      if (
        !problem &&
        policy !== 'Always' &&
        worker.tools.nodes.hasImage(node, image)
      ) {
        worker.record(
          'Normal',
          'Pulled',
          `Container ${quoted} already present on machine`,
        );
        return;
      }
      worker.record('Normal', 'Pulling', `Pulling ${quoted}`);
      const begin = Date.now();
      if (!worker.tools.isQuick()) {
        await worker.wait(300, 1500);
      }
      if (!problem) {
        const took = `${((Date.now() - begin) / 1000).toFixed(3)}s`;
        worker.tools.nodes.addImage(node, image);
        worker.record(
          'Normal',
          'Pulled',
          `Successfully pulled ${quoted} in ${took} (${took} including waiting). Image size: ${imageSize(
            image,
          )} bytes.`,
        );
        return;
      }
      await this.#failPull(problem, quoted, backOff);
    }
  }

  async #failPull(problem: string, quoted: string, backOff: number) {
    const worker = this.#worker;
    worker.record('Warning', 'Failed', `Failed to pull ${quoted}: ${problem}`);
    worker.record('Warning', 'Failed', 'Error: ErrImagePull');
    this.#waitFor('ErrImagePull', problem);
    await worker.wait(1500, 2500);
    worker.record('Normal', 'BackOff', `Back-off pulling ${quoted}`);
    worker.record('Warning', 'Failed', 'Error: ImagePullBackOff');
    this.#waitFor(
      'ImagePullBackOff',
      `Back-off pulling ${quoted}: ErrImagePull: ${problem}`,
    );
    await worker.wait(backOff * 1000);
  }

  async #configure(): Promise<void> {
    const { pod, tools, signal } = this.#worker;
    const { namespace } = pod.metadata;
    for (;;) {
      const problem = missingEnvironment(
        tools.cluster,
        namespace!,
        this.#container,
      );
      if (!problem) {
        return;
      }
      this.#worker.record('Warning', 'Failed', `Error: ${problem}`);
      this.#waitFor('CreateContainerConfigError', problem);
      await tools.waitForReferences(namespace!, signal);
    }
  }

  #waitFor(reason: string, message: string) {
    this.#worker.setContainer(this.#name, {
      state: { waiting: { reason, message } },
      ready: false,
      started: false,
    });
  }

  /** Plays what a running container does; the exit if it ends, undefined once nothing more happens. */
  async #live(): Promise<Exit | undefined> {
    const worker = this.#worker;
    const behaviour = this.#behaviour;
    switch (behaviour) {
      case 'crash':
        await worker.wait(800, 2000);
        return { exitCode: 1, reason: 'Error' };
      case 'out-of-memory':
        await this.#becomeReady(500, 1500);
        await worker.wait(4000, 8000);
        return { exitCode: 137, reason: 'OOMKilled' };
      case 'unready':
      case 'database-down':
      case 'certificate-expired':
        return this.#failProbes();
      case 'hung':
        return this.#hang();
      default:
    }
    if (this.#finite) {
      const [least, most] = this.#init ? [200, 600] : [3000, 12_000];
      await worker.wait(least, most);
      return { exitCode: 0, reason: 'Completed' };
    }
    await (behaviour === 'slow-start'
      ? this.#becomeReady(20_000, 30_000)
      : this.#becomeReady(500, 1500));
    return undefined;
  }

  async #becomeReady(least: number, most: number): Promise<void> {
    if (!this.#status.ready) {
      if (!this.#readyAtOnce) {
        await this.#worker.wait(least, most);
      }
      this.#worker.setContainer(this.#name, { ready: true });
    }
  }

  async #failProbes(): Promise<undefined> {
    const worker = this.#worker;
    const period = (this.#container.readinessProbe?.periodSeconds ?? 10) * 1000;
    for (let failures = 1; ; failures++) {
      worker.record(
        'Warning',
        'Unhealthy',
        'Readiness probe failed: HTTP probe failed with statuscode: 503',
      );
      if (this.#status.ready) {
        worker.setContainer(this.#name, { ready: false });
      }
      await worker.wait(failures < PROBE_EVENTS ? period : period * 12);
    }
  }

  /** Answers for a while, and then neither its liveness probe nor anybody else. */
  async #hang(): Promise<Exit> {
    const worker = this.#worker;
    await this.#becomeReady(500, 1500);
    await worker.wait(3000, 6000);
    worker.setContainer(this.#name, { ready: false });
    for (let failures = 0; failures < PROBE_EVENTS; failures++) {
      worker.record(
        'Warning',
        'Unhealthy',
        'Liveness probe failed: HTTP probe failed with statuscode: 503',
      );
      await worker.wait(1000);
    }
    worker.record(
      'Normal',
      'Killing',
      `Container ${this.#name} failed liveness probe, will be restarted`,
    );
    return { exitCode: 137, reason: 'Error' };
  }

  #terminate({ exitCode, reason }: Exit) {
    const { state, containerID } = this.#status;
    const terminated = {
      exitCode,
      reason,
      startedAt: state.running!.startedAt,
      finishedAt: timestamp(),
      containerID: containerID!,
    };
    this.#worker.setContainer(this.#name, {
      state: { terminated },
      ready: this.#init && exitCode === 0,
      started: false,
    });
  }

  async #backOff(): Promise<void> {
    const { restartCount, state, lastState } = this.#status;
    const terminated = state.terminated ?? lastState.terminated!;
    const worker = this.#worker;
    // The first restart comes at once; and who takes a failure back does not want to wait minutes for it.
    const most = this.#behaviour === 'healthy' ? FIRST_BACK_OFF : LAST_BACK_OFF;
    const seconds =
      restartCount === 0
        ? 0
        : Math.min(most, FIRST_BACK_OFF * 2 ** (restartCount - 1));
    if (seconds === 0) {
      worker.setContainer(this.#name, { lastState: { terminated } });
      await worker.wait(300, 900);
      return;
    }
    const { pod } = worker;
    const name = `container ${this.#name} in pod ${pod.metadata.name}_${
      pod.metadata.namespace
    }(${worker.uid})`;
    worker.record('Warning', 'BackOff', `Back-off restarting failed ${name}`);
    const minutes = Math.floor(seconds / 60);
    worker.setContainer(this.#name, {
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: `back-off ${minutes ? `${minutes}m` : ''}${
            seconds % 60
          }s restarting failed ${name
            .replace('container ', 'container=')
            .replace(' in pod ', ' pod=')}`,
        },
      },
      lastState: { terminated },
    });
    await worker.wait(seconds * 1000);
  }
}

function next(backOff: number): number {
  return Math.min(LAST_BACK_OFF, backOff * 2);
}

/** A size that is the same for the same repository. */
function imageSize(image: string): number {
  const { repository } = parseImage(image);
  const sum = [...repository].reduce(
    (all, character) => (all * 31 + character.charCodeAt(0)) % 90_000_000,
    7,
  );
  return 38_000_000 + sum;
}
