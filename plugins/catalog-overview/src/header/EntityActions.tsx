import type { Entity } from '@backstage/catalog-model';
import {
  appTreeApiRef,
  ExtensionBoundary,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { EntityContextMenuItemBlueprint } from '@backstage/plugin-catalog-react/alpha';
import type { EntityContextMenuItemData } from '@backstage/plugin-catalog-react/alpha';
import { ButtonIcon, Menu, MenuItem, MenuTrigger } from '@backstage/ui';
import { RiMore2Line } from '@remixicon/react';
import { useMemo } from 'react';
import { catalogOverviewTranslationRef } from '../translation';

/** Where plugins attach what can be done with an entity. */
const ENTITY_PAGE = 'page:catalog/entity';

/**
 * What can be done with an entity. A header layout is not handed the items of the entity page, so they are read
 * from the app's tree; what is disabled by configuration has no instance there.
 */
export function EntityActions(props: { readonly entity: Entity }) {
  const { entity } = props;
  const appTree = useApi(appTreeApiRef);
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const items = useMemo(() => {
    const { data, filterFunction } = EntityContextMenuItemBlueprint.dataRefs;
    const page = appTree.getTree().tree.nodes.get(ENTITY_PAGE);
    return (page?.edges.attachments.get('contextMenuItems') ?? []).flatMap(
      node => {
        const item = node.instance?.getData(data);
        const filter = node.instance?.getData(filterFunction);
        return item && (filter?.(entity) ?? true) ? [{ item, node }] : [];
      },
    );
  }, [appTree, entity]);
  if (items.length === 0) {
    return null;
  }
  return (
    <MenuTrigger>
      <ButtonIcon
        variant="secondary"
        aria-label={t('header.actions')}
        icon={<RiMore2Line />}
      />
      <Menu placement="bottom end">
        {items.map(({ item, node }) => (
          <ExtensionBoundary
            key={node.spec.id}
            node={node}
            errorPresentation="error-api"
          >
            <Action item={item} />
          </ExtensionBoundary>
        ))}
      </Menu>
    </MenuTrigger>
  );
}

function Action(props: { readonly item: EntityContextMenuItemData }) {
  const { icon, useProps } = props.item;
  const { disabled, title, onClick, ...rest } = useProps();
  return (
    <MenuItem
      iconStart={icon}
      isDisabled={disabled}
      href={'href' in rest ? rest.href : undefined}
      onAction={
        onClick && (() => void Promise.resolve(onClick()).catch(() => {}))
      }
    >
      {title}
    </MenuItem>
  );
}
