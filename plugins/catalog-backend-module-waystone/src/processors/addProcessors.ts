import type {
  LoggerService,
  UrlReaderService,
} from '@backstage/backend-plugin-api';
import {
  FileReaderProcessor,
  UrlReaderProcessor,
} from '@backstage/plugin-catalog-backend';
import type { CatalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { ExcerptFreeReader } from './ExcerptFreeReader';
import { FilePlaceholderProcessor } from './FilePlaceholderProcessor';

/** How files are read: what they refer to, and errors that repeat none of their lines. */
export function addProcessors(options: {
  readonly logger: LoggerService;
  readonly processing: CatalogProcessingExtensionPoint;
  readonly urlReader: UrlReaderService;
}): void {
  const { logger, processing, urlReader } = options;
  processing.addProcessor(
    new FilePlaceholderProcessor(),
    new ExcerptFreeReader(new FileReaderProcessor()),
    new ExcerptFreeReader(
      new UrlReaderProcessor({ reader: urlReader, logger }),
    ),
  );
}
