import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Dialog, DialogBody, DialogHeader } from '@backstage/ui';
import { techdocsNativeTranslationRef } from '../translation';
import styles from './KeyboardHelp.module.css';

/** What the keys of the reader do. */
export function KeyboardHelp(props: {
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}) {
  const { t } = useTranslationRef(techdocsNativeTranslationRef);
  const rows: [string[], string][] = [
    [['n', '→'], t('keys.next')],
    [['p', '←'], t('keys.previous')],
    [['/'], t('keys.search')],
    [['w'], t('keys.width')],
    [['Enter'], t('keys.image')],
    [['?'], t('keys.help')],
    [['Esc'], t('keys.close')],
  ];
  return (
    <Dialog isOpen={props.isOpen} onOpenChange={props.onOpenChange} width={420}>
      <DialogHeader>{t('keys.title')}</DialogHeader>
      <DialogBody>
        <dl className={styles.keys}>
          {rows.map(([keys, what]) => (
            <div key={what} className={styles.row}>
              <dt>
                {keys.map(key => (
                  <kbd key={key} className={styles.key}>
                    {key}
                  </kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </DialogBody>
    </Dialog>
  );
}
