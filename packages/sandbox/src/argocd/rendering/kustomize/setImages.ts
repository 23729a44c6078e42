import { isJsonObject } from '../Json';
import type { FieldSpec } from './FieldSpec';
import { visitFields } from './FieldSpec';
import type { KustomizeImage } from './Kustomization';
import type { KustomizeResource } from './KustomizeResource';

const IMAGE_FIELDS: readonly FieldSpec[] = [
  'spec/containers/image',
  'spec/initContainers/image',
  'spec/volumes/image/reference',
  'spec/template/spec/containers/image',
  'spec/template/spec/initContainers/image',
  'spec/template/spec/volumes/image/reference',
].map(path => ({ path }));

/** One entry of `images`: in the usual places, and in every `containers` and `initContainers` anywhere. @internal */
export function setImage(
  resources: readonly KustomizeResource[],
  image: KustomizeImage,
): void {
  for (const resource of resources) {
    if (resource.kind === 'CustomResourceDefinition') {
      continue;
    }
    visitFields(resource, IMAGE_FIELDS, (holder, field) => {
      const value = holder[field];
      if (typeof value === 'string') {
        holder[field] = replaceImage(value, image);
      }
    });
    visitContainers(resource.object, container => {
      if (typeof container.image === 'string') {
        container.image = replaceImage(container.image, image);
      }
    });
  }
}

/** Walks through any object and finds the containers in it, as CronJobs and custom resources hold them. */
function visitContainers(
  value: unknown,
  change: (container: Record<string, unknown>) => void,
) {
  if (Array.isArray(value)) {
    value.forEach(item => visitContainers(item, change));
    return;
  }
  if (!isJsonObject(value)) {
    return;
  }
  for (const [field, item] of Object.entries(value)) {
    if (
      (field === 'containers' || field === 'initContainers') &&
      Array.isArray(item)
    ) {
      item.filter(isJsonObject).forEach(change);
    }
    visitContainers(item, change);
  }
}

/**
 * The image after the change; the same if it is another one.
 *
 * @internal
 */
export function replaceImage(current: string, image: KustomizeImage): string {
  const { name, tag, digest } = splitImage(current);
  if (!matchesName(name, image.name)) {
    return current;
  }
  const newName = image.newName || name;
  if (image.newTag && image.digest) {
    return `${newName}:${image.newTag}@${image.digest}`;
  }
  if (image.newTag) {
    return `${newName}:${image.newTag}`;
  }
  if (image.digest) {
    return `${newName}@${image.digest}`;
  }
  if (image.tagSuffix && tag) {
    return `${newName}:${tag}${image.tagSuffix}`;
  }
  return `${newName}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
}

function matchesName(name: string, wanted: string): boolean {
  if (name === wanted) {
    return true;
  }
  // kustomize takes the name as a regular expression of the whole name.
  try {
    return new RegExp(`^${wanted}$`).test(name);
  } catch {
    return false; // not a pattern, so only the same text matches
  }
}

/** Takes `registry:5000/name:tag@sha256:…` apart. @internal */
export function splitImage(image: string): {
  name: string;
  tag?: string;
  digest?: string;
} {
  const at = image.indexOf('@');
  const digest = at < 0 ? undefined : image.slice(at + 1);
  const rest = at < 0 ? image : image.slice(0, at);
  const colon = rest.lastIndexOf(':');
  return colon > rest.lastIndexOf('/')
    ? { name: rest.slice(0, colon), tag: rest.slice(colon + 1), digest }
    : { name: rest, digest };
}
