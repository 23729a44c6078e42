import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { CiJob, CiRun } from '@waystone/plugin-delivery-common';

/**
 * Something that builds and tests what is in repositories.
 *
 * @remarks
 * It is asked when somebody looks, and its answers are held for some seconds.
 *
 * @public
 */
export interface CiProvider {
  /** Unique, such as `gitea/git.example.com`. */
  readonly name: string;
  /** Whether it knows of a repository, by its address or that of a place in it. */
  covers(repositoryUrl: string): boolean;
  /** Newest first. None of a repository that it has never run for. */
  runs(
    repositoryUrl: string,
    options: { readonly limit: number; readonly signal: AbortSignal },
  ): Promise<readonly CiRun[]>;
  /** Of a run, with their steps. */
  jobs(
    repositoryUrl: string,
    run: string,
    options: { readonly signal: AbortSignal },
  ): Promise<readonly CiJob[]>;
}

/**
 * Takes CI systems besides those of the Git forges.
 *
 * @public
 */
export interface CiProvidersExtensionPoint {
  /** @throws Error if there is a provider of the name. */
  addProvider(provider: CiProvider): void;
}

/** @public */
export const ciProvidersExtensionPoint =
  createExtensionPoint<CiProvidersExtensionPoint>({
    id: 'delivery.ciProviders',
  });
