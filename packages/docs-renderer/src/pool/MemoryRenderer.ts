import { NavigationRenderer } from '../page/renderNavigation';
import type { RenderedPage } from '../page/RenderedPage';
import {
  SiteRenderer,
  type PageToWrite,
  type WriteContext,
} from './SiteRenderer';

/** A renderer that keeps the pages of the last build and writes one when it is asked for: for a preview. */
export class MemoryRenderer extends SiteRenderer {
  #pages: ReadonlyMap<string, RenderedPage> = new Map();

  override async release(job: string): Promise<void> {
    this.#pages = this.jobs.get(job) ?? this.#pages;
    await super.release(job);
  }

  /** The HTML of a page of the last build. */
  preview(context: WriteContext, target: PageToWrite): string | undefined {
    const page = this.#pages.get(target.path);
    if (!page) return undefined;
    const navigation = new NavigationRenderer(
      context.navigation,
      context.siteName,
    );
    return Buffer.concat(
      this.pieces(page, context, target, navigation),
    ).toString();
  }
}
