import { parseEntityRef } from '@backstage/catalog-model';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import type { Subject } from '@waystone/plugin-governance-common';
import { Link } from 'react-router-dom';
import styles from './SubjectLink.module.css';

/** Where something was found: the service, and the workload below it. */
export function SubjectLink(props: {
  readonly subject: Subject;
  readonly isOfService?: boolean;
}) {
  const { cluster, entityRef, environment, kind, name, namespace, title } =
    props.subject;
  const entityRoute = useRouteRef(entityRouteRef);
  const place = [
    environment ?? cluster,
    environment ? undefined : namespace,
    // A workload is mostly called as its service.
    entityRef?.endsWith(`/${name}`) ? kind : `${kind} ${name}`,
  ].filter(Boolean);
  return (
    <span className={styles.subject}>
      {entityRef && !props.isOfService && (
        <Link
          to={`${entityRoute?.(parseEntityRef(entityRef)) ?? ''}/governance`}
          className={styles.name}
        >
          {title ?? entityRef}
        </Link>
      )}
      <span className={styles.place} title={`${cluster}/${namespace ?? ''}`}>
        {place.join(' · ')}
      </span>
    </span>
  );
}
