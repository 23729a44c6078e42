import {
  getCompoundEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { HistoryTimeline } from './HistoryTimeline';

/** What became of the entity of this page. */
export function HistoryTab() {
  const { entity } = useEntity();
  return (
    <HistoryTimeline
      entityRef={stringifyEntityRef(getCompoundEntityRef(entity))}
    />
  );
}
