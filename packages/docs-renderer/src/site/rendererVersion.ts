import { readStyleSheet } from './styleSheet';

/** Goes up when the same source makes other pages. */
export const MARKUP_VERSION = '7';

/** Changes with what pages look like: what was built before is then built again. */
export async function rendererVersion(): Promise<string> {
  const { name } = await readStyleSheet();
  return `${MARKUP_VERSION}.${name.split('.')[1]}`;
}
