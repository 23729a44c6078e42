import { parseEntityRef } from '@backstage/catalog-model';
import type { TranslationFunction } from '@backstage/frontend-plugin-api';
import { InboxSourceBlueprint, readWords } from '@waystone/plugin-inbox-react';
import type { InboxItem } from '@waystone/plugin-inbox-react';
import type {
  Alert,
  ServiceRow,
  Slo,
} from '@waystone/plugin-observability-common';
import { observabilityApiRef } from '../api/ObservabilityClient';
import { formatValue } from '../shared/formatValue';
import { observabilityTranslationRef } from '../translation';

type Words = TranslationFunction<typeof observabilityTranslationRef.T>;

/** Alerts that fire, and error budgets that are spent or nearly so, of services that a person or a team owns. */
export const observabilityInbox = InboxSourceBlueprint.make({
  params: {
    id: 'observability',
    title: 'Observability',
    read: async ({ apis, limit, owners, signal }) => {
      const t = await readWords(apis, observabilityTranslationRef);
      const api = apis.get(observabilityApiRef)!;
      const owner = [...owners];
      const [
        { items: alerts },
        { environment, environments, items: services },
      ] = await Promise.all([
        api.listAlerts(
          { owner, state: ['firing'], severity: ['critical', 'warning'] },
          signal,
        ),
        api.listServices(
          { owner, state: ['critical', 'attention'], limit },
          signal,
        ),
      ]);
      const titleOf = (name: string | undefined) =>
        environments.find(each => each.name === name)?.title ?? name ?? '';
      const isProtected = (name: string | undefined) =>
        environments.find(each => each.name === name)?.protected ?? true;
      const items: InboxItem[] = [];
      const places = groupByPlace(alerts);
      for (const [place, [worst, ...others]] of places) {
        items.push({
          id: `alerts ${place}`,
          state:
            worst.severity === 'critical' && isProtected(worst.environment)
              ? 'critical'
              : 'attention',
          title: t('inbox.alerts', {
            count: others.length + 1,
            name: worst.name,
            service: worst.title ?? worst.namespace ?? '',
            environment: titleOf(worst.environment),
          }),
          detail: worst.summary,
          since: worst.since,
          link: worst.entityRef
            ? pathOf(worst.entityRef, worst.environment)
            : '/observability/alerts',
          entityRef: worst.entityRef,
        });
      }
      for (const service of services) {
        const slo = service.health?.slos.find(isInDanger);
        // What burns is what the alert says.
        const isTold = places.has(placeOf(service.entityRef, environment));
        if (slo && !(isTold && slo.state === 'burning')) {
          items.push({
            id: `budget ${service.entityRef}`,
            state: 'attention',
            title: describeBudget(t, service, slo),
            detail: describePromise(t, slo),
            since: service.health?.since,
            link: pathOf(service.entityRef, environment),
            entityRef: service.entityRef,
          });
        }
      }
      return items.slice(0, limit);
    },
  },
});

/** By service and environment: several alerts of one outage are one thing to do. The worst comes first. */
function groupByPlace(alerts: readonly Alert[]): Map<string, Alert[]> {
  const places = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const place = placeOf(alert.entityRef ?? alert.id, alert.environment);
    places.set(place, [...(places.get(place) ?? []), alert]);
  }
  return places;
}

function placeOf(entityRef: string, environment: string | undefined): string {
  return `${entityRef} ${environment ?? ''}`;
}

function isInDanger({ state }: Slo): boolean {
  return ['exhausted', 'burning', 'at-risk'].includes(state);
}

function describeBudget(t: Words, { title }: ServiceRow, slo: Slo): string {
  if (slo.state === 'exhausted') {
    return t('inbox.spent', { service: title });
  }
  return t(slo.state === 'burning' ? 'inbox.burning' : 'inbox.left', {
    service: title,
    share: `${Math.round((slo.budgetLeft ?? 0) * 100)} %`,
  });
}

function describePromise(t: Words, slo: Slo): string {
  const target = `${Number((slo.target * 100).toFixed(4))} %`;
  const promise =
    slo.name === 'availability'
      ? t('slo.availability', { target })
      : t('slo.latency', {
          target,
          threshold: formatValue(slo.thresholdSeconds, 'seconds'),
        });
  return `${promise} ${t('slo.window', { count: slo.windowDays })}`;
}

function pathOf(entityRef: string, environment: string | undefined): string {
  const { kind, name, namespace } = parseEntityRef(entityRef);
  const path = [namespace, kind, name].map(encodeURIComponent).join('/');
  return `/catalog/${path}/observability${
    environment ? `?environment=${encodeURIComponent(environment)}` : ''
  }`;
}
