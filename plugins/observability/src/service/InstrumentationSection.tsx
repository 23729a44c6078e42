import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import type { Instrumentation } from '@waystone/plugin-observability-common';
import { observabilityTranslationRef } from '../translation';
import styles from './InstrumentationSection.module.css';
import { Section } from './Section';

/** What a service that nobody instrumented has to add. */
export function InstrumentationSection(props: { guide: Instrumentation }) {
  const { language, steps, url } = props.guide;
  const { t } = useTranslationRef(observabilityTranslationRef);
  return (
    <Section title={t('instrument.title')}>
      <Text color="secondary">{t('instrument.help', { language })}</Text>
      <ol className={styles.steps}>
        {steps.map(({ code, file, title }) => (
          <li key={file}>
            <p className={styles.step}>
              {title} <span className={styles.file}>{file}</span>
            </p>
            {/* It scrolls, so that the keyboard has to reach it. */}
            <pre
              className={styles.code}
              role="region"
              aria-label={file}
              // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
              tabIndex={0}
            >
              {code.trimEnd()}
            </pre>
          </li>
        ))}
      </ol>
      <a className={styles.link} href={url} target="_blank" rel="noreferrer">
        {t('instrument.more')}
      </a>
    </Section>
  );
}
