import { parseEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useStarredEntities } from '@backstage/plugin-catalog-react';
import { entityPath } from '../../components/entityPath';
import { LinkList, LinkRow } from '@waystone/ui';
import { shellTranslationRef } from '../words/shellTranslationRef';
import { EmptyText, HomeCard } from './HomeCard';

const LIMIT = 10;

/** What the signed-in person starred, by name. */
export function Starred() {
  const { t } = useTranslationRef(shellTranslationRef);
  const { starredEntities } = useStarredEntities();
  const refs = [...starredEntities]
    .map(ref => ({ ref, ...parseEntityRef(ref) }))
    .sort((a, b) => a.name.localeCompare(b.name))
    .slice(0, LIMIT);

  return (
    <HomeCard title={t('starred.title')}>
      {refs.length === 0 ? (
        <EmptyText title={t('starred.empty')} help={t('starred.emptyHelp')} />
      ) : (
        <LinkList>
          {refs.map(({ ref, kind, namespace, name }) => (
            <LinkRow
              key={ref}
              href={entityPath({ kind, namespace, name })}
              title={name}
              end={kind.toLowerCase()}
            />
          ))}
        </LinkList>
      )}
    </HomeCard>
  );
}
