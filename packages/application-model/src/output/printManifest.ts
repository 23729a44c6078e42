import type { Compilation, CompiledManifest } from '../compile';
import { printYaml } from './printYaml';

/** The file that is compiled. @public */
export const APPLICATION_FILE = 'deploy/application.yaml';

/**
 * A manifest as the text of its file. Comments say where a value came from.
 *
 * @public
 */
export function printManifest({
  extra,
  object,
  origins,
  patches,
}: CompiledManifest): string {
  const marks = [
    ...(extra ? ['Off the path: an object that the model does not know.'] : []),
    ...(patches > 0
      ? [`Off the path: changed by ${patches} patch${patches > 1 ? 'es' : ''}.`]
      : []),
  ];
  const header = [
    `Compiled from ${APPLICATION_FILE}. Change that file and compile again; changes here are lost.`,
    ...marks,
  ];
  return `${header.map(line => `# ${line}\n`).join('')}${printYaml(
    object,
    origins,
  )}`;
}

/**
 * All manifests as the texts of their files, by path in the repository.
 *
 * @public
 */
export function toFiles({ manifests }: Compilation): Record<string, string> {
  return Object.fromEntries(
    manifests.map(manifest => [manifest.file, printManifest(manifest)]),
  );
}
