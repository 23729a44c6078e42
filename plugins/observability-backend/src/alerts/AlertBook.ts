import { createHash } from 'node:crypto';
import type {
  AlertmanagerAlert,
  AlertmanagerClient,
  PrometheusAlert,
  PrometheusClient,
} from '@waystone/integrations';
import type {
  AlertSeverity,
  AlertState,
  Freshness,
} from '@waystone/plugin-observability-common';

/** An alert as its source has it. */
export interface ObservedAlert {
  readonly id: string;
  readonly name: string;
  readonly state: AlertState;
  readonly severity: AlertSeverity;
  readonly since?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly runbook?: string;
  readonly url?: string;
  readonly receivers?: readonly string[];
  readonly suppressedBy?: 'silence' | 'other-alert';
  readonly labels: Readonly<Record<string, string>>;
  readonly source: string;
}

interface Source {
  readonly name: string;
  alerts: readonly ObservedAlert[];
  observedAt?: number;
  failure?: string;
  read(signal: AbortSignal): Promise<readonly ObservedAlert[]>;
}

/** The longest text of an alert that is kept. */
const MOST_CHARACTERS = 2000;

/** What fires to show that alerting works, or to hold others back, and is no alert. */
const NO_ALERTS = new Set(['Watchdog', 'InfoInhibitor']);

/**
 * The alerts of all sources, in memory: what fires as the Alertmanager knows it, with who is told; what is pending, and
 * what fires where there is no Alertmanager, as Prometheus knows it.
 */
export class AlertBook {
  readonly #alertmanagers: readonly Source[];
  readonly #servers: readonly Source[];

  static create(options: {
    readonly alertmanagers: readonly AlertmanagerClient[];
    readonly servers: readonly PrometheusClient[];
  }): AlertBook {
    return new AlertBook(options);
  }

  private constructor(options: Parameters<typeof AlertBook.create>[0]) {
    this.#alertmanagers = options.alertmanagers.map(client =>
      createSource(`alertmanager/${client.instance}`, async (signal, name) =>
        (await client.alerts({ signal })).map(alert => readFiring(alert, name)),
      ),
    );
    this.#servers = options.servers.map(client =>
      createSource(`prometheus/${client.instance}`, async (signal, name) =>
        (await client.alerts({ signal })).items.map(alert =>
          readRuled(alert, name),
        ),
      ),
    );
  }

  /** Reads all sources; of one that does not answer, what was known stays. */
  async refresh(signal: AbortSignal): Promise<void> {
    await Promise.all(
      [...this.#alertmanagers, ...this.#servers].map(async source => {
        try {
          const alerts = await source.read(signal);
          source.alerts = alerts.filter(
            ({ labels, name }) =>
              !NO_ALERTS.has(name) && labels.severity !== 'none',
          );
          source.observedAt = Date.now();
          source.failure = undefined;
        } catch (error) {
          source.failure =
            error instanceof Error ? error.message : String(error);
        }
      }),
    );
  }

  get alerts(): readonly ObservedAlert[] {
    const known = this.#alertmanagers.filter(
      ({ observedAt }) => observedAt !== undefined,
    );
    const told = known.flatMap(({ alerts }) => alerts);
    // Without an Alertmanager that works nobody else says what fires now.
    const working = known.some(({ failure }) => failure === undefined);
    const ruled = this.#servers
      .flatMap(({ alerts }) => alerts)
      .filter(({ state }) => state === 'pending' || !working);
    const seen = new Set<string>();
    return [...(working ? told : []), ...ruled].filter(alert => {
      const key = `${alert.state === 'pending'} ${alert.id}`;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    });
  }

  /** Of the Alertmanagers; that of Prometheus is known from its metrics. */
  get freshness(): readonly Freshness[] {
    return this.#alertmanagers.map(({ failure, name, observedAt }) => ({
      source: name,
      observedAt:
        observedAt === undefined
          ? undefined
          : new Date(observedAt).toISOString(),
      stale: failure !== undefined,
      reason: failure,
    }));
  }
}

function createSource(
  name: string,
  read: (
    signal: AbortSignal,
    name: string,
  ) => Promise<readonly ObservedAlert[]>,
): Source {
  return { name, alerts: [], read: signal => read(signal, name) };
}

function readFiring(alert: AlertmanagerAlert, source: string): ObservedAlert {
  const { status } = alert;
  const suppressed = status.state === 'suppressed';
  return {
    ...readTexts(alert.labels, alert.annotations),
    id: idOf(alert.labels),
    state: suppressed ? 'suppressed' : 'firing',
    since: toTime(alert.startsAt),
    url: toAddress(alert.generatorUrl),
    receivers: alert.receivers,
    suppressedBy: suppressed
      ? (status.silencedBy.length > 0 && 'silence') || 'other-alert'
      : undefined,
    source,
  };
}

function readRuled(alert: PrometheusAlert, source: string): ObservedAlert {
  return {
    ...readTexts(alert.labels, alert.annotations),
    id: idOf(alert.labels),
    state: alert.state === 'firing' ? 'firing' : 'pending',
    since: toTime(alert.activeAt),
    source,
  };
}

function readTexts(
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
) {
  return {
    name: labels.alertname ?? 'alert',
    labels,
    severity: readSeverity(labels.severity),
    summary: cut(annotations.summary ?? annotations.message),
    description: cut(annotations.description),
    runbook: toAddress(annotations.runbook_url ?? annotations.runbook),
  };
}

function readSeverity(text = 'warning'): AlertSeverity {
  if (/^(critical|page|error|fatal|emergency|high|p1|sev1)$/i.test(text)) {
    return 'critical';
  }
  return /^(info|low|notice|debug)$/i.test(text) ? 'info' : 'warning';
}

/** Only what a browser may be sent to: an annotation can hold anything. */
function toAddress(text: string | undefined): string | undefined {
  if (!text || text.length > MOST_CHARACTERS) {
    return undefined;
  }
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined;
}

function toTime(text: string | undefined): string | undefined {
  const at = new Date(text ?? '');
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

function cut(text: string | undefined): string | undefined {
  return text?.slice(0, MOST_CHARACTERS);
}

/** The same for the same labels, whichever source tells of it. */
function idOf(labels: Readonly<Record<string, string>>): string {
  const text = JSON.stringify(
    Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
