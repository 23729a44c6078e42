import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { catalogListingTranslationRef } from './translation';

const NAMED = [
  'component',
  'api',
  'system',
  'resource',
  'user',
  'group',
  'domain',
  'template',
  'location',
] as const;

/** What entities of a kind are called together; kinds of one's own are called as they are. @internal */
export function useKindName(): (kind: string) => string {
  const { t } = useTranslationRef(catalogListingTranslationRef);
  return kind => {
    const named = NAMED.find(name => name === kind);
    return named ? t(`kind.${named}`) : kind;
  };
}
