import { EntityRefLink } from '@backstage/plugin-catalog-react';

/** Links to owners, one after the other; how many more there are is counted. */
export function OwnerLinks(props: {
  readonly owners: readonly string[];
  readonly most?: number;
}) {
  const { most = 2, owners } = props;
  const more = owners.length - most;
  return (
    <>
      {owners.slice(0, most).map((owner, position) => (
        <span key={owner}>
          {position > 0 && ', '}
          <EntityRefLink entityRef={owner} defaultKind="group" hideIcon />
        </span>
      ))}
      {more > 0 && <span title={owners.slice(most).join('\n')}> +{more}</span>}
    </>
  );
}
