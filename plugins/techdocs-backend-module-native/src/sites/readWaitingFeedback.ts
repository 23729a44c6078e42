import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  parseEntityRef,
  RELATION_OWNED_BY,
  type Entity,
} from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { DocsFeedbackWaiting } from '@waystone/plugin-techdocs-native-common';
import type { FeedbackStore } from '../builds/FeedbackStore';

const ENTITIES_AT_ONCE = 200;

/** Docs of a person or her teams whose readers wait for an answer, those with the newest feedback first. */
export async function readWaitingFeedback(options: {
  readonly feedback: FeedbackStore;
  readonly catalog: CatalogService;
  readonly credentials: BackstageCredentials;
  /** The person and her groups. */
  readonly ownershipRefs: readonly string[];
  readonly limit: number;
}): Promise<DocsFeedbackWaiting> {
  const { catalog, credentials, feedback, limit, ownershipRefs } = options;
  const waiting = await feedback.waiting();
  const mine: DocsFeedbackWaiting['items'] = [];
  for (let at = 0; at < waiting.length; at += ENTITIES_AT_ONCE) {
    const part = waiting.slice(at, at + ENTITIES_AT_ONCE);
    const { items } = await catalog.getEntitiesByRefs(
      {
        entityRefs: part.map(({ entityRef }) => entityRef),
        fields: ['metadata.title', 'relations'],
      },
      { credentials },
    );
    part.forEach((site, index) => {
      const entity = items[index];
      if (!entity || !isOwned(entity, ownershipRefs)) return;
      const title =
        entity.metadata?.title ?? parseEntityRef(site.entityRef).name;
      mine.push({ ...site, title });
    });
  }
  return { items: mine.slice(0, limit), totalItems: mine.length };
}

function isOwned(entity: Entity, ownershipRefs: readonly string[]): boolean {
  return (entity.relations ?? []).some(
    ({ type, targetRef }) =>
      type === RELATION_OWNED_BY && ownershipRefs.includes(targetRef),
  );
}
