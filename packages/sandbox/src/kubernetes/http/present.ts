import type { KubernetesObject } from '../KubernetesCluster';
import { formatApiVersion } from '../resources/ResourceType';
import type { ResourceType } from '../resources/ResourceType';
import { findTable } from '../tables/findTable';
import type { TableLayout } from '../tables/TableLayout';
import type { ObjectPage } from './listObjects';
import type { Representation } from './negotiate';

/** Turns single objects into what the client asked for. */
export function createPresenter(
  type: ResourceType,
  representation: Representation,
  query: URLSearchParams,
): (object: KubernetesObject, isFirst: boolean) => unknown {
  switch (representation.as) {
    case 'Table': {
      const layout = findTable(type);
      return (object, isFirst) => ({
        kind: 'Table',
        apiVersion: `meta.k8s.io/${representation.version ?? 'v1'}`,
        metadata: { resourceVersion: object.metadata.resourceVersion },
        columnDefinitions: isFirst ? layout.columns : null,
        rows: [toRow(layout, object, query)],
      });
    }
    case 'PartialObjectMetadata':
      return toPartial;
    default:
      return object => object;
  }
}

/** A page of a list in the form that the client asked for: what comes before the items, and the items. */
export function presentList(
  type: ResourceType,
  page: ObjectPage,
  representation: Representation,
  query = new URLSearchParams(),
): {
  readonly head: Readonly<Record<string, unknown>>;
  readonly field: 'items' | 'rows';
  readonly items: readonly unknown[];
} {
  const metadata = {
    resourceVersion: String(page.revision),
    ...(page.continue !== undefined && { continue: page.continue }),
    ...(page.remainingItemCount !== undefined && {
      remainingItemCount: page.remainingItemCount,
    }),
  };
  switch (representation.as) {
    case 'Table': {
      const layout = findTable(type);
      return {
        head: {
          kind: 'Table',
          apiVersion: `meta.k8s.io/${representation.version ?? 'v1'}`,
          metadata,
          columnDefinitions: layout.columns,
        },
        field: 'rows',
        items: page.objects.map(object => toRow(layout, object, query)),
      };
    }
    case 'PartialObjectMetadata':
    case 'PartialObjectMetadataList':
      return {
        head: {
          kind: 'PartialObjectMetadataList',
          apiVersion: 'meta.k8s.io/v1',
          metadata,
        },
        field: 'items',
        items: page.objects.map(toPartial),
      };
    default:
      return {
        head: {
          kind: type.listKind,
          apiVersion: formatApiVersion(type),
          metadata,
        },
        field: 'items',
        // The lists of built-in kinds do not repeat the kind in every item; those of custom ones do.
        items: type.custom ? page.objects : page.objects.map(withoutKind),
      };
  }
}

function withoutKind(object: KubernetesObject): Record<string, unknown> {
  const { apiVersion, kind, ...rest } = object;
  return rest;
}

function toPartial(object: KubernetesObject): KubernetesObject {
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: object.metadata,
  };
}

function toRow(
  layout: TableLayout,
  object: KubernetesObject,
  query: URLSearchParams,
) {
  const include = query.get('includeObject') ?? 'Metadata';
  return {
    cells: layout.cells(object),
    ...(include !== 'None' && {
      object: include === 'Object' ? object : toPartial(object),
    }),
  };
}
