import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from 'react-router-dom';
import { uiTranslationRef } from '../translation';
import type { Refusal } from './refusalOf';
import styles from './RefusalNote.module.css';

/** Which permission is missing, and who can give it. */
export function RefusalNote(props: {
  readonly message: string;
  readonly refusal: Refusal;
}) {
  const { message, refusal } = props;
  const { t } = useTranslationRef(uiTranslationRef);
  return (
    <div className={styles.note}>
      <span>{message}</span>
      {!message.includes(refusal.permission) && (
        <span className={styles.line}>
          {t('refusal.permission')}
          <code className={styles.permission}>{refusal.permission}</code>
        </span>
      )}
      {refusal.askWhom.length > 0 && (
        <span className={styles.line}>
          {t('refusal.ask')}
          {refusal.askWhom.map(ref => (
            <Link key={ref} to={pathOf(ref)} className={styles.who}>
              {nameOf(ref)}
            </Link>
          ))}
        </span>
      )}
    </div>
  );
}

function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

function pathOf(ref: string): string {
  const [, kind = 'group', namespace = 'default', name = ref] =
    /^([^:/]+):([^:/]+)\/(.+)$/.exec(ref) ?? [];
  return `/catalog/${[namespace, kind, name]
    .map(encodeURIComponent)
    .join('/')}`;
}
