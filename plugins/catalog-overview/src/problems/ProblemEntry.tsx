import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { RiFileCopyLine } from '@remixicon/react';
import type {
  EntityProblem,
  ProposalTarget,
} from '@waystone/plugin-catalog-overview-common';
import { StateLabel } from '@waystone/ui';
import { useState } from 'react';
import styles from './ProblemEntry.module.css';
import { catalogProblemsApiRef } from './CatalogProblemsClient';
import { ProposeChange } from './ProposeChange';
import { catalogProblemsTranslationRef } from './translation';

/** One problem: what is wrong, where, the lines that would put it right, and how to propose them. */
export function ProblemEntry(props: {
  entityRef: string;
  problem: EntityProblem;
  target?: ProposalTarget;
}) {
  const { entityRef, problem, target } = props;
  const { column, diff, file, fix, line, message, severity } = problem;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const api = useApi(catalogProblemsApiRef);
  return (
    <li className={styles.problem}>
      <div className={styles.head}>
        <StateLabel state={severity === 'error' ? 'critical' : 'attention'}>
          {t(severity === 'error' ? 'problem.error' : 'problem.warning')}
        </StateLabel>
        {file && line !== undefined && column !== undefined && (
          <code className={styles.place}>
            {t('problem.place', {
              file,
              line: String(line),
              column: String(column),
            })}
          </code>
        )}
      </div>
      <p className={styles.message}>{message}</p>
      {fix && diff && <Patch description={fix.description} diff={diff} />}
      {fix && target && (
        <ProposeChange
          target={target}
          pullRequest={problem.pullRequest}
          propose={() => api.proposeFix(entityRef, problem.fixId ?? '')}
        />
      )}
    </li>
  );
}

function Patch(props: {
  description: string;
  diff: NonNullable<EntityProblem['diff']>;
}) {
  const { description, diff } = props;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(`${diff.added.join('\n')}\n`);
    setCopied(true);
  };
  return (
    <figure
      className={styles.patch}
      aria-label={t('problem.patchLabel', { line: String(diff.line) })}
    >
      <figcaption className={styles.caption}>
        <span>{description}</span>
        <Button
          variant="secondary"
          size="small"
          iconStart={<RiFileCopyLine aria-hidden />}
          onPress={copy}
        >
          {copied ? t('problem.copied') : t('problem.copy')}
        </Button>
      </figcaption>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keyboard */}
      <pre className={styles.lines} tabIndex={0}>
        {diff.removed.map((text, index) => (
          <del key={`-${index}`}>{`- ${text}\n`}</del>
        ))}
        {diff.added.map((text, index) => (
          <ins key={`+${index}`}>{`+ ${text}\n`}</ins>
        ))}
      </pre>
    </figure>
  );
}
