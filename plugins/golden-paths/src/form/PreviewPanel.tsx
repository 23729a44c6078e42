import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Text } from '@backstage/ui';
import type { Preview } from '@waystone/plugin-golden-paths-common';
import { StateLabel } from '@waystone/ui';
import { useMemo, useState } from 'react';
import { goldenPathsTranslationRef } from '../translation';
import styles from './form.module.css';

/** Files with their contents, what clusters say to them, what is asked for and what it costs. */
export function PreviewPanel(props: { preview: Preview }) {
  const { files, infrastructure, problem, verdicts } = props.preview;
  const { t } = useTranslationRef(goldenPathsTranslationRef);
  if (problem !== undefined) {
    return (
      <Alert
        status="danger"
        icon
        title={t('preview.refused')}
        description={problem}
      />
    );
  }
  return (
    <div className={styles.preview}>
      <section>
        <h3 className={styles.heading}>{t('preview.policies')}</h3>
        {verdicts.length === 0 ? (
          <StateLabel state="healthy">{t('preview.allowed')}</StateLabel>
        ) : (
          <ul className={styles.list}>
            {verdicts.map(({ message, severity, source }) => (
              <li key={`${source} ${message}`}>
                <StateLabel
                  state={severity === 'error' ? 'critical' : 'attention'}
                >
                  {source}
                </StateLabel>{' '}
                {message}
              </li>
            ))}
          </ul>
        )}
      </section>
      {infrastructure.length > 0 && (
        <section>
          <h3 className={styles.heading}>{t('preview.infrastructure')}</h3>
          <ul className={styles.list}>
            {infrastructure.map(item => (
              <li key={`${item.name} ${item.environment}`}>
                {item.kind} <strong>{item.name}</strong> · {item.environment}
                {item.monthly !== undefined &&
                  ` · ${money(item.monthly, item.currency)}`}
                {item.approval && (
                  <Text as="p" color="secondary">
                    {t('preview.approval', { reason: item.approval })}
                  </Text>
                )}
              </li>
            ))}
          </ul>
          <Text as="p" weight="bold">
            {t('preview.total', { amount: totalOf(infrastructure) })}
          </Text>
        </section>
      )}
      <Files files={files} />
    </div>
  );
}

function Files(props: { files: Preview['files'] }) {
  const { t } = useTranslationRef(goldenPathsTranslationRef);
  const files = useMemo(
    () => [...props.files].sort((a, b) => (a.path < b.path ? -1 : 1)),
    [props.files],
  );
  const [selected, setSelected] = useState('catalog-info.yaml');
  const file = files.find(({ path }) => path === selected) ?? files.at(0);
  return (
    <section>
      <h3 className={styles.heading}>
        {t('preview.files', { count: files.length })}
      </h3>
      <div className={styles.files}>
        <ul className={styles.tree} aria-label={t('preview.tree')}>
          {files.map(({ path }, index) => {
            const parts = path.split('/');
            const folder = parts.slice(0, -1).join('/');
            const before = files
              .at(index - 1)
              ?.path.split('/')
              .slice(0, -1);
            const isFirst =
              folder !== '' && (index === 0 || before?.join('/') !== folder);
            return (
              <li key={path}>
                {isFirst && <div className={styles.folder}>{folder}/</div>}
                <button
                  type="button"
                  className={styles.file}
                  data-nested={folder !== '' || undefined}
                  aria-pressed={path === file?.path}
                  onClick={() => setSelected(path)}
                >
                  {parts.at(-1)}
                </button>
              </li>
            );
          })}
        </ul>
        {/* It scrolls, so the keyboard has to get there */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <pre className={styles.content} tabIndex={0} aria-label={file?.path}>
          {file?.text ?? t('preview.noText')}
        </pre>
      </div>
    </section>
  );
}

function totalOf(infrastructure: Preview['infrastructure']): string {
  const currency = infrastructure.find(item => item.currency)?.currency;
  return money(
    infrastructure.reduce((sum, { monthly = 0 }) => sum + monthly, 0),
    currency,
  );
}

function money(amount: number, currency = 'EUR'): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(
    amount,
  );
}
