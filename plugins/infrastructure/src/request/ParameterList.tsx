import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import type { ArrayFieldTemplateProps } from '@rjsf/utils';
import { infrastructureTranslationRef } from '../translation';
import styles from './ParameterList.module.css';

/** A list of values: each with a button that removes it, and one that adds another. */
export function ParameterList(props: ArrayFieldTemplateProps) {
  const { canAdd, items, onAddClick, rawErrors = [], schema, title } = props;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  return (
    <fieldset
      className={styles.list}
      aria-invalid={rawErrors.length > 0 || undefined}
    >
      {title && <legend className={styles.legend}>{title}</legend>}
      {schema.description && (
        <p className={styles.help}>{schema.description}</p>
      )}
      {items.length > 0 && (
        <ol className={styles.entries}>
          {items.map(
            ({ children, hasRemove, index, key, onDropIndexClick }) => (
              <li key={key} className={styles.entry}>
                <div className={styles.fields}>{children}</div>
                {hasRemove && (
                  <Button
                    variant="tertiary"
                    size="small"
                    aria-label={t('form.removeLabel', {
                      title,
                      place: String(index + 1),
                    })}
                    onPress={() => onDropIndexClick(index)()}
                  >
                    {t('form.remove')}
                  </Button>
                )}
              </li>
            ),
          )}
        </ol>
      )}
      {canAdd && (
        <Button
          className={styles.add}
          variant="secondary"
          size="small"
          aria-label={t('form.addLabel', { title })}
          onPress={() => onAddClick()}
        >
          {t('form.add')}
        </Button>
      )}
    </fieldset>
  );
}
