import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { commandPaletteTranslationRef } from '../translation';

/** Kinds that are listed on the search page, in their order. */
export const searchKinds = [
  'component',
  'system',
  'resource',
  'template',
  'domain',
  'group',
  'user',
  'api',
  'operation',
  'docs',
] as const;

/** What people call a kind; one of a plugin as it is. */
export function useKindLabel(): (kind: string) => string {
  const { t } = useTranslationRef(commandPaletteTranslationRef);
  return kind => {
    const known = searchKinds.find(candidate => candidate === kind);
    return known
      ? t(`kind.${known}`)
      : `${kind.charAt(0).toLocaleUpperCase('en-US')}${kind.slice(1)}`;
  };
}
