import { BatchSearchEngineIndexer } from '@backstage/plugin-search-backend-node';
import type { IndexableDocument } from '@backstage/plugin-search-common';
import type { SearchDocumentInput } from '@waystone/plugin-search-common';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { CatalogSearchClient } from './CatalogSearchClient';

const BATCH_SIZE = 200;

/** Longer texts are of use to nobody, and a batch of them would be too large. */
const LONGEST_TEXT = 100_000;

const LONGEST_TITLE = 2_000;

/** What sections of docs have beside the fields of every document. */
const docsSchema = z.object({
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  entityTitle: z.string().optional().catch(undefined),
});

/** Hands the documents of one run of a collator to the index. */
export class CatalogSearchIndexer extends BatchSearchEngineIndexer {
  readonly #client: CatalogSearchClient;
  readonly #type: string;
  readonly #run = randomUUID();
  #taken = 0;

  constructor(options: {
    readonly client: CatalogSearchClient;
    readonly type: string;
  }) {
    super({ batchSize: BATCH_SIZE });
    this.#client = options.client;
    this.#type = options.type;
  }

  async initialize(): Promise<void> {}

  async index(documents: IndexableDocument[]): Promise<void> {
    this.#taken += documents.length;
    await this.#put(documents.map(toInput), false);
  }

  async finalize(): Promise<void> {
    // A collator that found nothing at all has more likely failed
    if (this.#taken > 0) {
      await this.#put([], true);
    }
  }

  async #put(documents: SearchDocumentInput[], last: boolean): Promise<void> {
    await this.#client.put(this.#type, { run: this.#run, documents, last });
  }
}

function toInput(document: IndexableDocument): SearchDocumentInput {
  const docs = docsSchema.safeParse(document).data;
  return {
    title: document.title.slice(0, LONGEST_TITLE),
    text: document.text.slice(0, LONGEST_TEXT),
    location: document.location.slice(0, LONGEST_TITLE),
    entityRef: document.authorization?.resourceRef,
    detail: docs?.entityTitle ?? docs?.name,
  };
}
