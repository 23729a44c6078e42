import { findRoutes } from './AlertmanagerConfig';
import type { AlertmanagerConfig } from './AlertmanagerConfig';
import { AlertmanagerError } from './AlertmanagerError';
import { fingerprintOf } from './fingerprintOf';
import { matchesAll } from './LabelMatcher';
import type { LabelMatcher, LabelSet } from './LabelMatcher';
import type { Silences } from './Silences';

/** How long an alert lasts that nobody repeats and that has no end, in milliseconds. */
const RESOLVE_TIMEOUT = 5 * 60_000;

/** An alert as it comes in; times are in milliseconds. @internal */
export interface AlertDraft {
  readonly labels: LabelSet;
  readonly annotations?: LabelSet;
  readonly startsAt?: number;
  readonly endsAt?: number;
  readonly generatorUrl?: string;
}

/** @internal */
export interface Alert {
  readonly fingerprint: string;
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly updatedAt: number;
  readonly generatorUrl?: string;
}

/** An alert with whom it goes to and what holds it back. @internal */
export interface AlertStatus {
  readonly alert: Alert;
  readonly receivers: readonly string[];
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
}

/** @internal */
export interface AlertGroup {
  readonly labels: LabelSet;
  readonly receiver: string;
  readonly alerts: readonly AlertStatus[];
}

/** What is wanted of all alerts. @internal */
export interface AlertFilter {
  readonly matchers: readonly LabelMatcher[];
  readonly active: boolean;
  readonly silenced: boolean;
  readonly inhibited: boolean;
  acceptsReceiver(name: string): boolean;
}

/**
 * The firing alerts, routed, grouped and held back.
 *
 * @internal
 */
export class Alerts {
  readonly #config: AlertmanagerConfig;
  readonly #silences: Silences;
  readonly #now: () => number;
  readonly #alerts = new Map<string, Alert>();

  constructor(options: {
    readonly config: AlertmanagerConfig;
    readonly silences: Silences;
    readonly now: () => number;
  }) {
    this.#config = options.config;
    this.#silences = options.silences;
    this.#now = options.now;
  }

  /** @throws {@link AlertmanagerError} if one is wrong; the others are taken. */
  receive(drafts: readonly AlertDraft[]): void {
    const problems: string[] = [];
    for (const draft of drafts) {
      const problem = this.#receive(draft);
      if (problem) {
        problems.push(problem);
      }
    }
    if (problems.length > 0) {
      throw new AlertmanagerError(400, problems.join('; '));
    }
  }

  #receive(draft: AlertDraft): string | undefined {
    const now = this.#now();
    const labels = Object.fromEntries(
      Object.entries(draft.labels).filter(([, value]) => value !== ''),
    );
    if (Object.keys(labels).length === 0) {
      return 'at least one label pair required';
    }
    let startsAt = draft.startsAt ?? Math.min(now, draft.endsAt ?? now);
    const endsAt = draft.endsAt ?? now + RESOLVE_TIMEOUT;
    if (endsAt < startsAt) {
      return 'start time must be before end time';
    }
    const fingerprint = fingerprintOf(labels);
    const known = this.#alerts.get(fingerprint);
    if (known && known.endsAt > startsAt) {
      startsAt = Math.min(known.startsAt, startsAt);
    }
    this.#alerts.set(fingerprint, {
      fingerprint,
      labels,
      annotations: draft.annotations ?? {},
      startsAt,
      endsAt,
      updatedAt: now,
      generatorUrl: draft.generatorUrl,
    });
    return undefined;
  }

  /** Sorted by fingerprint. */
  list(filter: AlertFilter): AlertStatus[] {
    return this.#statuses().filter(
      status =>
        accepts(status, filter) &&
        status.receivers.some(name => filter.acceptsReceiver(name)),
    );
  }

  /** By route and the labels that it groups by. */
  groups(filter: AlertFilter): AlertGroup[] {
    const groups = new Map<
      string,
      { labels: LabelSet; receiver: string; alerts: AlertStatus[] }
    >();
    for (const status of this.#statuses()) {
      if (!accepts(status, filter)) {
        continue;
      }
      const { labels } = status.alert;
      for (const route of findRoutes(this.#config.route, labels)) {
        if (!filter.acceptsReceiver(route.receiver)) {
          continue;
        }
        const own = Object.fromEntries(
          Object.entries(labels)
            .filter(
              ([name]) =>
                route.groupBy === 'all' || route.groupBy.includes(name),
            )
            .sort(),
        );
        const key = JSON.stringify([own, route.receiver]);
        const group = groups.get(key) ?? {
          labels: own,
          receiver: route.receiver,
          alerts: [],
        };
        group.alerts.push(status);
        groups.set(key, group);
      }
    }
    return [...groups.entries()]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, group]) => group);
  }

  #statuses(): AlertStatus[] {
    const now = this.#now();
    for (const { fingerprint, endsAt } of this.#alerts.values()) {
      if (endsAt < now) {
        this.#alerts.delete(fingerprint);
      }
    }
    const firing = [...this.#alerts.values()].sort((left, right) =>
      left.fingerprint < right.fingerprint ? -1 : 1,
    );
    return firing.map(alert => ({
      alert,
      receivers: [
        ...new Set(
          findRoutes(this.#config.route, alert.labels).map(
            ({ receiver }) => receiver,
          ),
        ),
      ],
      silencedBy: this.#silences.mute(alert.labels),
      inhibitedBy: this.#inhibitors(alert, firing),
    }));
  }

  #inhibitors({ labels }: Alert, firing: readonly Alert[]): string[] {
    for (const { sources, targets, equal } of this.#config.inhibitRules) {
      if (!matchesAll(targets, labels)) {
        continue;
      }
      const targetIsSource = matchesAll(sources, labels);
      const source = firing.find(
        candidate =>
          matchesAll(sources, candidate.labels) &&
          equal.every(
            name => (candidate.labels[name] ?? '') === (labels[name] ?? ''),
          ) &&
          !(targetIsSource && matchesAll(targets, candidate.labels)),
      );
      if (source) {
        return [source.fingerprint];
      }
    }
    return [];
  }
}

function accepts(status: AlertStatus, filter: AlertFilter): boolean {
  const { silencedBy, inhibitedBy, alert } = status;
  const heldBack = silencedBy.length > 0 || inhibitedBy.length > 0;
  return (
    matchesAll(filter.matchers, alert.labels) &&
    (filter.active || heldBack) &&
    (filter.silenced || silencedBy.length === 0) &&
    (filter.inhibited || inhibitedBy.length === 0)
  );
}
