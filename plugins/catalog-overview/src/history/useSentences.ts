import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  HistoryFieldChange,
  HistoryItem,
} from '@waystone/plugin-catalog-overview-common';
import { catalogHistoryTranslationRef } from './translation';

/** Longer values are in the details only. */
const LONGEST_VALUE = 60;

const FIELDS = {
  'spec.owner': 'field.owner',
  'spec.lifecycle': 'field.lifecycle',
  'spec.system': 'field.system',
  'spec.domain': 'field.domain',
  'spec.type': 'field.type',
  'spec.definition': 'field.definition',
  'spec.dependsOn': 'field.dependency',
  'spec.dependencyOf': 'field.dependent',
  'spec.providesApis': 'field.providedApi',
  'spec.consumesApis': 'field.consumedApi',
  'spec.members': 'field.member',
  'spec.memberOf': 'field.group',
  'metadata.title': 'field.title',
  'metadata.description': 'field.description',
  'metadata.tags': 'field.tag',
  'metadata.links': 'field.link',
  'metadata.annotations.waystone.dev/tier': 'field.tier',
  'metadata.annotations.waystone.dev/on-call': 'field.onCall',
  'metadata.annotations.waystone.dev/runbook': 'field.runbook',
  'metadata.annotations.backstage.io/orphan': 'field.orphan',
} as const;

/** What happened, in words. */
export function useSentences() {
  const { t } = useTranslationRef(catalogHistoryTranslationRef);

  const nameOf = (field: string): string => {
    if (Object.hasOwn(FIELDS, field)) {
      return t(FIELDS[field as keyof typeof FIELDS]);
    }
    for (const [prefix, key] of [
      ['metadata.annotations.', 'field.annotation'],
      ['metadata.labels.', 'field.label'],
    ] as const) {
      if (field.startsWith(prefix)) {
        return t(key, { name: field.slice(prefix.length) });
      }
    }
    return field.replace(/^(spec|metadata)\./, '');
  };

  const ofField = (change: HistoryFieldChange): string => {
    const { action, after, before, entry, line } = change;
    const field = nameOf(change.field);
    if (action === 'changed') {
      if (line !== undefined) {
        return t('sentence.changedAt', { field, line: line.toString() });
      }
      return isShort(before) && isShort(after)
        ? t('sentence.changed', { field, before, after })
        : t('sentence.changedLong', { field });
    }
    if (action === 'added') {
      if (!isShort(after)) {
        return t('sentence.setLong', { field });
      }
      return entry
        ? t('sentence.entryAdded', { field, after })
        : t('sentence.set', { field, after });
    }
    if (!isShort(before)) {
      return t('sentence.unsetLong', { field });
    }
    return entry
      ? t('sentence.entryRemoved', { field, before })
      : t('sentence.unset', { field, before });
  };

  const ofChange = (item: HistoryItem): string => {
    if (item.action !== 'changed') {
      return t(`change.${item.action}`);
    }
    const shown = item.changes.slice(0, 2).map(ofField);
    const rest = item.changes.length + item.more - shown.length;
    const sentence = shown
      .map((text, index) =>
        index === 0 ? text : text[0].toLocaleLowerCase('en') + text.slice(1),
      )
      .join('; ');
    return rest > 0
      ? `${sentence}; ${t('change.more', { count: rest })}`
      : sentence;
  };

  return { nameOf, ofChange };
}

function isShort(value: string | undefined): value is string {
  return (
    value !== undefined &&
    value.length <= LONGEST_VALUE &&
    !value.includes('\n')
  );
}
