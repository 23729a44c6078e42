import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { Verdict } from '@waystone/plugin-infrastructure-common';
import { Problem, StateLabel } from '@waystone/ui';
import { stringify } from 'yaml';
import { formatMoney } from '../components/formatMoney';
import { infrastructureTranslationRef } from '../translation';
import styles from './PreviewPanel.module.css';
import { sentenceOf } from './toFormErrors';
import type { LivePreview } from './usePreview';

/** What would happen: what the cluster says, what it costs, who decides, and the objects themselves. */
export function PreviewPanel(props: { preview: LivePreview }) {
  const { value, error, isBusy } = props.preview;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  return (
    <aside
      className={styles.panel}
      aria-label={t('preview.title')}
      aria-busy={isBusy}
    >
      <h2 className={styles.title}>{t('preview.title')}</h2>
      {error && <Problem title={t('preview.failed')} error={error} />}
      <Summary preview={props.preview} />
      {value && (
        <div className={isBusy ? styles.old : undefined}>
          <Verdicts verdicts={value.verdicts} />
          <Facts preview={props.preview} />
          {value.objects.length > 0 && (
            <details className={styles.objects} open>
              <summary>{t('preview.objects')}</summary>
              {value.cluster && value.namespace && (
                <p className={styles.place}>
                  {t('preview.cluster', {
                    cluster: value.cluster,
                    namespace: value.namespace,
                  })}
                </p>
              )}
              <pre className={styles.code}>
                {value.objects.map(object => stringify(object)).join('---\n')}
              </pre>
            </details>
          )}
        </div>
      )}
    </aside>
  );
}

function Summary(props: { preview: LivePreview }) {
  const { value, isBusy } = props.preview;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const errors =
    value?.verdicts.filter(({ severity }) => severity === 'error').length ?? 0;
  const known =
    errors > 0 ? (
      <StateLabel state="critical">
        {t('preview.problems', { count: errors })}
      </StateLabel>
    ) : (
      <StateLabel state="healthy">{t('preview.fine')}</StateLabel>
    );
  return (
    <p className={styles.summary} role="status">
      {isBusy && (
        <StateLabel state="progressing">{t('preview.checking')}</StateLabel>
      )}
      {!isBusy && value && known}
      {!isBusy && !value && t('preview.notYet')}
    </p>
  );
}

function Verdicts(props: { verdicts: readonly Verdict[] }) {
  const { t } = useTranslationRef(infrastructureTranslationRef);
  return props.verdicts.length === 0 ? null : (
    <ul className={styles.verdicts}>
      {props.verdicts.map((verdict, index) => (
        <li key={index} data-severity={verdict.severity}>
          {sentenceOf(verdict)}
          {verdict.policy && (
            <span className={styles.policy}>
              {t('preview.policy', { policy: verdict.policy })}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function Facts(props: { preview: LivePreview }) {
  const { value } = props.preview;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  if (!value) {
    return null;
  }
  const { approval, cost, dependants } = value;
  const money = (amount: number) =>
    formatMoney({ amount, currency: cost?.currency ?? 'EUR' });
  return (
    <dl className={styles.facts}>
      <dt>{t('preview.cost')}</dt>
      <dd>
        {cost ? (
          <>
            <strong>
              {t('preview.perMonth', { amount: money(cost.monthly) })}
            </strong>
            <ul className={styles.lines}>
              {cost.lines.map(line => (
                <li key={line.label}>
                  {line.label} <span>{money(line.amount)}</span>
                </li>
              ))}
            </ul>
            {cost.budget && (
              <p className={styles.budget} data-state={cost.budget.state}>
                {t(
                  cost.budget.state === 'over'
                    ? 'preview.budgetOver'
                    : 'preview.budget',
                  {
                    after: money(cost.budget.after),
                    limit: money(cost.budget.limit),
                  },
                )}
              </p>
            )}
          </>
        ) : (
          t('preview.noCost')
        )}
      </dd>
      <dt>{t('preview.approval')}</dt>
      <dd>
        {approval.required ? (
          <>
            <p>{approval.reasons.join('. ')}.</p>
            <p>
              {t('preview.approvers', {
                names: approval.approvers.map(nameOf).join(', '),
              })}
            </p>
          </>
        ) : (
          t('preview.noApproval')
        )}
      </dd>
      {dependants.length > 0 && (
        <>
          <dt>{t('preview.dependants')}</dt>
          <dd>
            {dependants.map(ref => (
              <div key={ref}>
                <EntityRefLink entityRef={ref} hideIcon />
              </div>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}

function nameOf(ref: string): string {
  return ref.slice(ref.indexOf('/') + 1);
}
