import {
  getCompoundEntityRef,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  useEntity,
  useEntityPresentation,
  useEntityRefLink,
  useStarredEntity,
} from '@backstage/plugin-catalog-react';
import type { EntityHeaderLayoutProps } from '@backstage/plugin-catalog-react/alpha';
import { ButtonIcon, Header, Link } from '@backstage/ui';
import { RiStarFill, RiStarLine } from '@remixicon/react';
import type { OverviewResponse } from '@waystone/plugin-catalog-overview-common';
import { StateLabel } from '@waystone/ui';
import type { ReactNode } from 'react';
import { shortName } from '../overview/shortName';
import { useOverview } from '../overview/useOverview';
import { useRunsIn } from '../overview/useRunsIn';
import { catalogOverviewTranslationRef } from '../translation';
import { EntityActions } from './EntityActions';
import styles from './EntityHeader.module.css';

/**
 * The header of a component, an API, a resource or a system. The names of its owner and its system come with
 * what the overview reads anyway.
 */
export function EntityHeader(props: EntityHeaderLayoutProps) {
  const { activeTabId, tabs } = props;
  const { entity } = useEntity();
  const type = entity.spec?.type;
  const title = useEntityPresentation(entity).primaryTitle;
  return (
    <Header
      title={title}
      tags={[
        { label: entity.kind },
        ...(typeof type === 'string' && type ? [{ label: type }] : []),
      ]}
      metadata={useFacts(entity)}
      tabs={tabs}
      activeTabId={activeTabId}
      customActions={
        <>
          <Star entity={entity} />
          <EntityActions entity={entity} />
        </>
      }
    />
  );
}

function useFacts(entity: Entity): { label: string; value: ReactNode }[] {
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const entityRef = stringifyEntityRef(getCompoundEntityRef(entity));
  const { response } = useOverview(entityRef);
  const { selected = [] } = useRunsIn(entity) ?? {};
  const refsOf = (wanted: string, kind?: string) =>
    (entity.relations ?? [])
      .filter(
        ({ targetRef, type }) =>
          type === wanted &&
          (kind === undefined || parseEntityRef(targetRef).kind === kind),
      )
      .map(({ targetRef }) => targetRef);
  const owners = refsOf('ownedBy');
  const systems = refsOf('partOf', 'system');
  const domains = refsOf('partOf', 'domain');
  const lifecycle = entity.spec?.lifecycle;
  const tier = entity.metadata.annotations?.['waystone.dev/tier'];
  const toLinks = (refs: readonly string[]) =>
    refs.length > 0 && <RefLinks refs={refs} response={response} />;
  const facts: { label: string; value: ReactNode }[] = [
    { label: t('table.owner'), value: toLinks(owners) },
    { label: t('table.system'), value: toLinks(systems) },
    { label: t('overview.domain'), value: toLinks(domains) },
    {
      label: t('overview.lifecycle'),
      value:
        lifecycle === 'deprecated' ? (
          <StateLabel state="attention">{lifecycle}</StateLabel>
        ) : (
          lifecycle && String(lifecycle)
        ),
    },
    { label: t('overview.tier'), value: tier },
    {
      label: t('overview.runsIn'),
      value: selected.map(environment => environment.title).join(' · '),
    },
  ];
  return facts.filter(({ value }) => value);
}

function RefLinks(props: {
  readonly refs: readonly string[];
  readonly response?: OverviewResponse;
}) {
  const { refs, response } = props;
  const linkTo = useEntityRefLink();
  const titles = new Map(
    [response?.owner, response?.system?.entity].flatMap(named =>
      named ? [[named.entityRef, named.title]] : [],
    ),
  );
  return (
    <ul className={styles.refs}>
      {refs.map(ref => (
        <li key={ref}>
          <Link href={linkTo(ref)} variant="body-medium" standalone>
            {titles.get(ref) ?? shortName(ref)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Star(props: { readonly entity: Entity }) {
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const { isStarredEntity, toggleStarredEntity } = useStarredEntity(
    props.entity,
  );
  return (
    <ButtonIcon
      variant="secondary"
      aria-label={isStarredEntity ? t('header.unstar') : t('header.star')}
      icon={isStarredEntity ? <RiStarFill /> : <RiStarLine />}
      onPress={() => toggleStarredEntity()}
    />
  );
}
