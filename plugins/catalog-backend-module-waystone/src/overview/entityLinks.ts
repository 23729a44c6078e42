import { getCompoundEntityRef, parseEntityRef } from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import type { OverviewLink } from '@waystone/plugin-catalog-overview-common';

/** More would hide those that matter. */
const MOST_LINKS = 30;

/**
 * An address that a page may link to: HTTP, or a path of the portal.
 *
 * @internal
 */
export function safeAddress(value: string | undefined): string | undefined {
  const address = value?.trim();
  if (!address) {
    return undefined;
  }
  // '//host' and '/\host' lead out of the portal
  if (/^\/(?![/\\])/.test(address)) {
    return address;
  }
  return /^https?:\/\//i.test(address) && URL.canParse(address)
    ? address
    : undefined;
}

/**
 * The link to the place where people talk.
 *
 * @internal
 */
export function chatOf(entity: Entity | undefined): OverviewLink | undefined {
  for (const { url, title, icon } of entity?.metadata.links ?? []) {
    const address = safeAddress(url);
    if (address && (icon === 'chat' || /^chat\b/i.test(title ?? ''))) {
      return { url: address, title: title ?? address };
    }
  }
  return undefined;
}

/**
 * An address in an annotation.
 *
 * @internal
 */
export function annotatedAddress(
  entity: Entity | undefined,
  annotation: string,
): string | undefined {
  return safeAddress(entity?.metadata.annotations?.[annotation]);
}

/**
 * The page of the documentation, which may be that of another entity.
 *
 * @internal
 */
export function docsOf(entity: Entity): string | undefined {
  const annotations = entity.metadata.annotations ?? {};
  const other = annotations['backstage.io/techdocs-entity'];
  if (other) {
    try {
      return docsPath(parseEntityRef(other));
    } catch {
      // What is written there names no entity, so there is nothing to link to
      return undefined;
    }
  }
  return annotations['backstage.io/techdocs-ref']
    ? docsPath(getCompoundEntityRef(entity))
    : undefined;
}

function docsPath(ref: { kind: string; namespace: string; name: string }) {
  const path = [ref.namespace, ref.kind, ref.name]
    .map(part => encodeURIComponent(part.toLocaleLowerCase('en-US')))
    .join('/');
  return `/docs/${path}`;
}

/**
 * The links of an entity that no other part of the page has: neither the chat nor the runbook.
 *
 * @internal
 */
export function otherLinksOf(entity: Entity): OverviewLink[] {
  const chat = chatOf(entity)?.url;
  const runbook = annotatedAddress(entity, 'waystone.dev/runbook');
  const links = new Map<string, OverviewLink>();
  for (const { url, title } of entity.metadata.links ?? []) {
    const address = safeAddress(url);
    const isRunbook =
      runbook !== undefined &&
      (address === runbook || title?.trim().toLowerCase() === 'runbook');
    if (address && address !== chat && !isRunbook) {
      links.set(address, { url: address, title: title ?? address });
    }
  }
  return [...links.values()].slice(0, MOST_LINKS);
}

/**
 * Where the file of an entity can be read.
 *
 * @internal
 */
export function sourceOf(entity: Entity): string | undefined {
  const location =
    entity.metadata.annotations?.['backstage.io/managed-by-location'];
  return (
    annotatedAddress(entity, 'backstage.io/view-url') ??
    annotatedAddress(entity, 'backstage.io/edit-url') ??
    (location?.startsWith('url:') ? safeAddress(location.slice(4)) : undefined)
  );
}
