import { useState } from 'react';
import { useParams } from 'react-router-dom';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Button, Link } from '@backstage/ui';
import {
  docsFeedbackQuerySchema,
  type DocsFeedbackItem,
} from '@waystone/plugin-techdocs-native-common';
import {
  EmptyState,
  FilterBar,
  FilterSelect,
  ListPage,
  ListPager,
  LoadingRows,
  Problem,
  RelativeTime,
  StateLabel,
  statusOf,
  useFilters,
} from '@waystone/ui';
import { docsBuildApiRef } from '../api/DocsBuildClient';
import { useDocumentTitle } from '../reader/useDocumentTitle';
import styles from './FeedbackPage.module.css';
import { feedbackTranslationRef } from './feedbackTranslation';
import { FEEDBACK_PAGE_SIZE, useFeedback } from './useFeedback';

const states = docsFeedbackQuerySchema.shape.state.unwrap().options;

/** The start page has an empty path, which an address would not keep. */
const START_PAGE = '/';

/** What readers say of the docs of one entity, for its owners. */
export function FeedbackPage() {
  const { t } = useTranslationRef(feedbackTranslationRef);
  const { kind = '', name = '', namespace = '' } = useParams();
  useDocumentTitle(t('title', { name }));
  const { change, params } = useFilters('offset');
  const state = states.find(each => each === params.get('state')) ?? 'open';
  const page = params.get('page') ?? undefined;
  const offset = Math.max(0, Number(params.get('offset')) || 0);
  const { error, loading, reload, report } = useFeedback(
    { kind, name, namespace },
    {
      state,
      page: page === START_PAGE ? '' : page,
      offset,
      limit: FEEDBACK_PAGE_SIZE,
    },
  );
  const docs = `/docs/${[namespace, kind, name]
    .map(encodeURIComponent)
    .join('/')}`;

  return (
    <ListPage
      title={t('title', { name })}
      summary={
        report &&
        t('summary', {
          helpful: String(report.helpful),
          unhelpful: String(report.unhelpful),
          open: String(report.open),
        })
      }
      actions={<Link href={docs}>{t('back')}</Link>}
    >
      {error && statusOf(error) === 403 && (
        <EmptyState title={t('denied')} help={t('deniedHelp')}>
          <EntityRefLink
            entityRef={stringifyEntityRef({ kind, name, namespace })}
          />
        </EmptyState>
      )}
      {error && statusOf(error) !== 403 && (
        <Problem title={t('failed')} error={error} onRetry={reload} />
      )}
      {!report && !error && <LoadingRows label={t('loading')} />}
      {report && !error && (
        <>
          <FilterBar label={t('filters.label')}>
            <FilterSelect
              label={t('filters.state')}
              all={t('filters.open')}
              options={states
                .filter(value => value !== 'open')
                .map(value => ({ value, label: t(`filters.${value}`) }))}
              value={state === 'open' ? undefined : state}
              onChange={value => change({ state: value })}
            />
            <FilterSelect
              label={t('filters.page')}
              all={t('filters.allPages')}
              options={report.pages.map(each => ({
                value: each.page || START_PAGE,
                label: `${each.page || t('startPage')} (${t('filters.counts', {
                  helpful: String(each.helpful),
                  unhelpful: String(each.unhelpful),
                })})`,
              }))}
              value={page === '' ? START_PAGE : page}
              onChange={value => change({ page: value })}
            />
          </FilterBar>
          {report.items.length === 0 ? (
            <EmptyState
              title={t(
                report.helpful + report.unhelpful === 0 ? 'none' : 'noMatch',
              )}
              help={t('noneHelp')}
            />
          ) : (
            <ul
              className={styles.list}
              aria-label={t('label')}
              aria-busy={loading}
            >
              {report.items.map(item => (
                <Opinion
                  key={item.id}
                  item={item}
                  docs={docs}
                  entity={{ kind, name, namespace }}
                  onChanged={reload}
                />
              ))}
            </ul>
          )}
          <ListPager
            from={offset}
            pageSize={FEEDBACK_PAGE_SIZE}
            total={report.totalItems}
            onGo={next => change({ offset: next ? String(next) : undefined })}
          />
        </>
      )}
    </ListPage>
  );
}

function Opinion(props: {
  item: DocsFeedbackItem;
  docs: string;
  entity: { kind: string; name: string; namespace: string };
  onChanged(): void;
}) {
  const { docs, entity, item, onChanged } = props;
  const { t } = useTranslationRef(feedbackTranslationRef);
  const api = useApi(docsBuildApiRef);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const handled = item.handledAt !== undefined;
  const mark = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await api.setHandled(entity, item.id, !handled);
      onChanged();
    } catch (error) {
      setProblem(error as Error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <li className={styles.opinion}>
      <div className={styles.head}>
        <StateLabel state={item.helpful ? 'healthy' : 'attention'}>
          {t(item.helpful ? 'helpful' : 'unhelpful')}
        </StateLabel>
        <Link href={`${docs}/${item.page}`}>{item.page || t('startPage')}</Link>
        <span className={styles.who}>
          <EntityRefLink entityRef={item.userRef} defaultKind="user" hideIcon />
          {' · '}
          <RelativeTime value={item.createdAt} />
        </span>
        <span className={styles.act}>
          <Button
            variant="secondary"
            size="small"
            isDisabled={busy}
            onPress={mark}
          >
            {t(handled ? 'reopen' : 'handle')}
          </Button>
        </span>
      </div>
      {item.comment && <p className={styles.comment}>{item.comment}</p>}
      {item.handledAt && (
        <p className={styles.note}>
          {t('handledOn')} <RelativeTime value={item.handledAt} />
          {item.handledBy && (
            <>
              {' '}
              {t('by')}{' '}
              <EntityRefLink
                entityRef={item.handledBy}
                defaultKind="user"
                hideIcon
              />
            </>
          )}
        </p>
      )}
      {problem && (
        <p role="alert" className={styles.note}>
          {t('markFailed', { reason: problem.message })}
        </p>
      )}
    </li>
  );
}
