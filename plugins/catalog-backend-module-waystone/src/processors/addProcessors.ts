import type {
  LoggerService,
  RootConfigService,
  UrlReaderService,
} from '@backstage/backend-plugin-api';
import {
  FileReaderProcessor,
  UrlReaderProcessor,
} from '@backstage/plugin-catalog-backend';
import type { CatalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { readLintOptions } from '@waystone/plugin-golden-paths-common';
import { ExcerptFreeReader } from './ExcerptFreeReader';
import { FilePlaceholderProcessor } from './FilePlaceholderProcessor';
import { TemplateProcessor } from './TemplateProcessor';

/** How files are read: what they refer to, errors that repeat none of their lines, and templates that could do harm. */
export function addProcessors(options: {
  readonly config: RootConfigService;
  readonly logger: LoggerService;
  readonly processing: CatalogProcessingExtensionPoint;
  readonly urlReader: UrlReaderService;
}): void {
  const { config, logger, processing, urlReader } = options;
  processing.addProcessor(
    new FilePlaceholderProcessor(),
    new TemplateProcessor(readLintOptions(config)),
    new ExcerptFreeReader(new FileReaderProcessor()),
    new ExcerptFreeReader(
      new UrlReaderProcessor({ reader: urlReader, logger }),
    ),
  );
}
