import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useStarredEntity } from '@backstage/plugin-catalog-react';
import { ButtonIcon } from '@backstage/ui';
import { RiStarFill, RiStarLine } from '@remixicon/react';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { goldenPathsTranslationRef } from '../translation';
import type { GoldenPath } from './GoldenPath';
import styles from './GoldenPathsList.module.css';

/** One golden path: what it makes, whose it is, and the way in. */
export function GoldenPathTile(props: {
  path: GoldenPath;
  owner: ReactNode;
  isAllowed: boolean;
}) {
  const { isAllowed, owner, path } = props;
  const { t } = useTranslationRef(goldenPathsTranslationRef);
  const { isStarredEntity, toggleStarredEntity } = useStarredEntity(
    path.entityRef,
  );
  const place = `${encodeURIComponent(path.namespace)}/${encodeURIComponent(
    path.name,
  )}`;
  const page = `/catalog/${encodeURIComponent(
    path.namespace,
  )}/template/${encodeURIComponent(path.name)}`;
  return (
    <li
      className={styles.tile}
      data-recommended={path.recommended || undefined}
    >
      <div className={styles.head}>
        <h3 className={styles.name}>{path.title}</h3>
        <ButtonIcon
          size="small"
          variant="tertiary"
          aria-label={t(isStarredEntity ? 'paths.unstar' : 'paths.star', {
            title: path.title,
          })}
          icon={isStarredEntity ? <RiStarFill /> : <RiStarLine />}
          onPress={() => toggleStarredEntity()}
        />
      </div>
      <p className={styles.description}>{path.description}</p>
      {path.tags.length > 0 && (
        <ul className={styles.tags} aria-label={t('paths.tagsLabel')}>
          {path.tags.map(tag => (
            <li key={tag}>{tag}</li>
          ))}
        </ul>
      )}
      <p className={styles.facts}>
        {path.recommended && (
          <strong className={styles.recommended}>
            {t('paths.recommended')}
          </strong>
        )}
        {path.version && (
          <Link to={page}>{t('paths.version', { version: path.version })}</Link>
        )}
        {owner && <span>{owner}</span>}
      </p>
      <div className={styles.links}>
        {isAllowed && (
          <Link
            className={styles.choose}
            to={place}
            aria-label={t('paths.chooseLabel', { title: path.title })}
          >
            {t('paths.choose')}
          </Link>
        )}
        {path.docs && (
          <Link
            className={styles.docs}
            to={`${page}/docs`}
            aria-label={t('paths.docsLabel', { title: path.title })}
          >
            {t('paths.docs')}
          </Link>
        )}
      </div>
    </li>
  );
}
