/** How deep pod templates are in what has them: a CronJob has the deepest. */
const DEEPEST = 8;

/** The images that manifests ask for, each once, in the order of the manifests. */
export function imagesOf(manifests: readonly unknown[]): string[] {
  const images = new Set<string>();
  manifests.forEach(manifest => collect(manifest, images, 0));
  return [...images];
}

function collect(value: unknown, images: Set<string>, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) {
    return;
  }
  for (const [key, child] of Object.entries(value)) {
    if (Array.isArray(child)) {
      if (key === 'containers' || key === 'initContainers') {
        child.forEach((container: unknown) => {
          const image =
            typeof container === 'object' &&
            container !== null &&
            'image' in container &&
            container.image;
          if (typeof image === 'string') {
            images.add(image);
          }
        });
      }
    } else {
      collect(child, images, depth + 1);
    }
  }
}
