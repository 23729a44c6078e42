import { useState } from 'react';
import { useParams, useSearchParams } from 'react-router-dom';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  Alert,
  Button,
  Container,
  Link,
  Select,
  Skeleton,
  Text,
} from '@backstage/ui';
import {
  docsFeedbackQuerySchema,
  type DocsFeedbackItem,
  type DocsFeedbackReport,
} from '@waystone/plugin-techdocs-native-common';
import { RelativeTime, StateLabel } from '@waystone/ui';
import { docsBuildApiRef } from '../api/DocsBuildClient';
import { useDocumentTitle } from '../reader/useDocumentTitle';
import styles from './FeedbackPage.module.css';
import { feedbackTranslationRef } from './feedbackTranslation';
import { FEEDBACK_PAGE_SIZE, useFeedback } from './useFeedback';

const states = docsFeedbackQuerySchema.shape.state.unwrap().options;

/** Whether the backend refused because the person does not own the docs. */
function isDenied(error: Error): boolean {
  return error instanceof ResponseError && error.response.status === 403;
}

/** Selects know no empty value, and the start page has an empty path. */
const START_PAGE = '/';
const ALL_PAGES = '*';

/** What readers say of the docs of one entity, for its owners. */
export function FeedbackPage() {
  const { t } = useTranslationRef(feedbackTranslationRef);
  const { kind = '', name = '', namespace = '' } = useParams();
  useDocumentTitle(t('title', { name }));
  const [params, setParams] = useSearchParams();
  const state = states.find(each => each === params.get('state')) ?? 'open';
  const page = params.get('page') ?? undefined;
  const offset = Math.max(0, Number(params.get('offset')) || 0);
  const { error, loading, reload, report } = useFeedback(
    { kind, name, namespace },
    { state, page, offset, limit: FEEDBACK_PAGE_SIZE },
  );
  const change = (changes: Record<string, string | undefined>) =>
    setParams(
      before => {
        const next = new URLSearchParams(before);
        next.delete('offset');
        for (const [key, value] of Object.entries(changes)) {
          if (value === undefined) next.delete(key);
          else next.set(key, value);
        }
        return next;
      },
      { replace: true },
    );
  const docs = `/docs/${[namespace, kind, name]
    .map(encodeURIComponent)
    .join('/')}`;

  return (
    <Container>
      <div className={styles.page}>
        <header>
          <Link href={docs}>{t('back')}</Link>
          <h1 className={styles.title}>{t('title', { name })}</h1>
          {report && (
            <p className={styles.summary} role="status">
              {t('summary', {
                helpful: String(report.helpful),
                unhelpful: String(report.unhelpful),
                open: String(report.open),
              })}
            </p>
          )}
        </header>
        {error && isDenied(error) && (
          <div className={styles.empty}>
            <Text weight="bold">{t('denied')}</Text>
            <Text color="secondary">{t('deniedHelp')}</Text>
            <EntityRefLink
              entityRef={stringifyEntityRef({ kind, name, namespace })}
            />
          </div>
        )}
        {error && !isDenied(error) && (
          <Alert
            status="danger"
            icon
            title={t('failed')}
            description={error.message}
            customActions={
              <Button variant="secondary" size="small" onPress={reload}>
                {t('retry')}
              </Button>
            }
          />
        )}
        {!report && !error && (
          <div role="status" aria-label={t('loading')}>
            <Skeleton width="100%" height={240} />
          </div>
        )}
        {report && !error && (
          <>
            <div className={styles.filters}>
              <Select
                aria-label={t('filters.state')}
                size="small"
                options={states.map(value => ({
                  value,
                  label: t(`filters.${value}`),
                }))}
                value={state}
                onChange={value =>
                  change({
                    state: value === 'open' ? undefined : String(value),
                  })
                }
              />
              <Select
                aria-label={t('filters.page')}
                size="small"
                options={[
                  { value: ALL_PAGES, label: t('filters.allPages') },
                  ...report.pages.map(each => ({
                    value: each.page || START_PAGE,
                    label: `${each.page || t('startPage')} (${t(
                      'filters.counts',
                      {
                        helpful: String(each.helpful),
                        unhelpful: String(each.unhelpful),
                      },
                    )})`,
                  })),
                ]}
                value={page === undefined ? ALL_PAGES : page || START_PAGE}
                onChange={value =>
                  change({
                    page:
                      value === ALL_PAGES
                        ? undefined
                        : String(value).replace(START_PAGE, ''),
                  })
                }
              />
            </div>
            {report.items.length === 0 ? (
              <div className={styles.empty}>
                <Text weight="bold">
                  {t(
                    report.helpful + report.unhelpful === 0
                      ? 'none'
                      : 'noMatch',
                  )}
                </Text>
                <Text color="secondary">{t('noneHelp')}</Text>
              </div>
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
            <Paging
              report={report}
              offset={offset}
              onGo={next => change({ offset: next ? String(next) : undefined })}
            />
          </>
        )}
      </div>
    </Container>
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

function Paging(props: {
  report: DocsFeedbackReport;
  offset: number;
  onGo(offset: number): void;
}) {
  const { offset, onGo, report } = props;
  const { t } = useTranslationRef(feedbackTranslationRef);
  if (report.totalItems <= FEEDBACK_PAGE_SIZE) return null;
  return (
    <nav className={styles.foot} aria-label={t('paging.label')}>
      <Text color="secondary">
        {t('paging.shown', {
          from: String(offset + 1),
          to: String(offset + report.items.length),
          total: String(report.totalItems),
        })}
      </Text>
      <Button
        variant="secondary"
        size="small"
        isDisabled={offset === 0}
        onPress={() => onGo(Math.max(0, offset - FEEDBACK_PAGE_SIZE))}
      >
        {t('paging.previous')}
      </Button>
      <Button
        variant="secondary"
        size="small"
        isDisabled={offset + report.items.length >= report.totalItems}
        onPress={() => onGo(offset + FEEDBACK_PAGE_SIZE)}
      >
        {t('paging.next')}
      </Button>
    </nav>
  );
}
