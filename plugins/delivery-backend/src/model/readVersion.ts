/** What an image is called: `registry:5000/team/name:1.2.3@sha256:…`. */
export interface ImageName {
  /** Without registry, tag and digest. */
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Takes an image's name apart, as the OCI distribution specification has it. */
export function parseImage(image: string): ImageName {
  const [reference, digest] = image.split('@');
  const slash = reference.lastIndexOf('/');
  const last = reference.slice(slash + 1);
  const colon = last.indexOf(':');
  return {
    name: colon < 0 ? last : last.slice(0, colon),
    tag: colon < 0 ? undefined : last.slice(colon + 1),
    digest,
  };
}

/**
 * The version of a service: the tag of the image that is named as it is, else of the first image, which is the one
 * that is not a sidecar more often than not. Without a tag, the beginning of the digest.
 */
export function readVersion(
  images: readonly string[],
  names: readonly string[],
): string | undefined {
  const parsed = images.map(parseImage);
  const image = parsed.find(({ name }) => names.includes(name)) ?? parsed[0];
  return image?.tag ?? image?.digest?.slice(0, 'sha256:'.length + 12);
}
