import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  DialogTrigger,
} from '@backstage/ui';
import type { UnregisteredWorkload } from '@waystone/plugin-catalog-overview-common';
import { useState } from 'react';
import { catalogProblemsApiRef } from './CatalogProblemsClient';
import { ProposeChange } from './ProposeChange';
import { RepositoryPicker } from './RepositoryPicker';
import { catalogProblemsTranslationRef } from './translation';
import styles from './UnregisteredSection.module.css';

/** The file that would register a workload, and the pull request with it. */
export function RegisterDialog(props: {
  readonly workload: UnregisteredWorkload;
}) {
  const { name } = props.workload;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  return (
    <DialogTrigger>
      <Button
        variant="secondary"
        size="small"
        aria-label={t('unregistered.registerLabel', { name })}
      >
        {t('unregistered.register')}
      </Button>
      <Dialog width={720}>
        <DialogHeader>{t('unregistered.dialog', { name })}</DialogHeader>
        <DialogBody>
          <Registration workload={props.workload} />
        </DialogBody>
        <DialogFooter>
          <Button variant="secondary" slot="close">
            {t('details.close')}
          </Button>
        </DialogFooter>
      </Dialog>
    </DialogTrigger>
  );
}

function Registration(props: { readonly workload: UnregisteredWorkload }) {
  const { workload } = props;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const api = useApi(catalogProblemsApiRef);
  const [chosen, setChosen] = useState<{
    url: string;
    workload: UnregisteredWorkload;
  }>();
  const { file, id, proposal, pullRequest } = chosen?.workload ?? workload;
  return (
    <>
      <figure className={styles.figure} aria-label={t('unregistered.file')}>
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keyboard */}
        <pre className={styles.file} tabIndex={0}>
          {file
            .trimEnd()
            .split('\n')
            .map((line, index) => (
              <ins key={index}>{`+ ${line}\n`}</ins>
            ))}
        </pre>
      </figure>
      {workload.isRepositoryOpen && (
        <RepositoryPicker
          id={workload.id}
          chosen={chosen?.url}
          onChoose={(url, placed) => setChosen({ url, workload: placed })}
        />
      )}
      {(!workload.isRepositoryOpen || chosen) && (
        <ProposeChange
          key={chosen?.url}
          target={proposal}
          pullRequest={pullRequest}
          propose={() => api.proposeWorkload({ id, repository: chosen?.url })}
        />
      )}
    </>
  );
}
