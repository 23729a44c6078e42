import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Text } from '@backstage/ui';
import styles from './NamedList.module.css';

/** Objects of a cluster by kind and name; nothing if there are none. */
export function NamedList(props: {
  title: string;
  items: readonly { readonly kind: string; readonly name: string }[];
}) {
  const { items, title } = props;
  return items.length === 0 ? null : (
    <div>
      <Text>{title}</Text>
      <ul className={styles.list}>
        {items.map(({ kind, name }) => (
          <li key={`${kind}/${name}`}>
            {kind} <code>{name}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Entities of the catalog; nothing if there are none. */
export function ReferenceList(props: {
  title: string;
  references: readonly string[];
}) {
  const { references, title } = props;
  return references.length === 0 ? null : (
    <div>
      <Text>{title}</Text>
      <ul className={styles.list}>
        {references.map(reference => (
          <li key={reference}>
            <EntityRefLink entityRef={reference} hideIcon />
          </li>
        ))}
      </ul>
    </div>
  );
}
