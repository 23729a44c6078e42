import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { RiAddBoxLine, RiSearchLine, RiStarLine } from '@remixicon/react';
import { useId } from 'react';
import { Link } from 'react-router-dom';
import { shellTranslationRef } from '../words/shellTranslationRef';
import styles from './FirstSteps.module.css';
import { useStoredValue } from './useStoredValue';

const steps = [
  { id: 'find', href: '/catalog', icon: RiSearchLine },
  { id: 'star', href: '/catalog', icon: RiStarLine },
  { id: 'create', href: '/create', icon: RiAddBoxLine },
] as const;

/** Three first steps for somebody who is new, until she hides them. */
export function FirstSteps() {
  const id = useId();
  const { t } = useTranslationRef(shellTranslationRef);
  const [hidden, setHidden, known] = useStoredValue<boolean>('hideFirstSteps');
  if (!known || hidden) {
    return null;
  }
  return (
    <section aria-labelledby={id} className={styles.steps}>
      <div className={styles.head}>
        <h2 id={id} className={styles.title}>
          {t('firstSteps.title')}
        </h2>
        <Button size="small" variant="tertiary" onPress={() => setHidden(true)}>
          {t('firstSteps.dismiss')}
        </Button>
      </div>
      <ol className={styles.list}>
        {steps.map((step, index) => (
          <li key={step.id}>
            <Link to={step.href} className={styles.step}>
              <step.icon aria-hidden className={styles.icon} size={20} />
              <span>
                <span className={styles.name}>
                  {index + 1}. {t(`firstSteps.${step.id}`)}
                </span>
                <span className={styles.help}>
                  {t(`firstSteps.${step.id}Help`)}
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}
