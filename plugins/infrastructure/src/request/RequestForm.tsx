import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Select, TextField } from '@backstage/ui';
import type { Environment } from '@waystone/environments';
import type {
  CreateRequest,
  Draft,
  Offering,
  RequestDetail,
  Verdict,
} from '@waystone/plugin-infrastructure-common';
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { Problem } from '@waystone/ui';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { RequestState } from '../components/RequestState';
import { infrastructureTranslationRef } from '../translation';
import { ParameterForm } from './ParameterForm';
import { PreviewPanel } from './PreviewPanel';
import styles from './RequestForm.module.css';
import { sentenceOf } from './toFormErrors';
import { usePreview } from './usePreview';
import type { Teams } from './useTeams';
import { withoutEmpty } from './withoutEmpty';

/** The form, and beside it what would happen. With a draft, it goes on with it. */
export function RequestForm(props: {
  base: string;
  draft?: RequestDetail;
  environments: readonly Environment[];
  offering: Offering;
  teams: Teams;
  onSubmitted?(): void;
}) {
  const { base, environments, offering, teams, onSubmitted } = props;
  const api = useApi(infrastructureApiRef);
  const navigate = useNavigate();
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const [params] = useSearchParams();
  const [form, setForm] = useState(() => begin(props, params));
  // What somebody else writes meanwhile is not written over.
  const [draft, setDraft] = useState(props.draft);
  const [isSaved, setSaved] = useState(false);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  // One key for one form: sending it twice asks once.
  const key = useRef(crypto.randomUUID());
  const draftKey = useRef(crypto.randomUUID());

  const body: CreateRequest = {
    ...settledOf(props.draft?.draft),
    offering: offering.id,
    name: form.name.trim(),
    environment: form.environment,
    system: form.system,
    owner: form.owner,
    parameters: withoutEmpty(form.parameters),
    ...(form.component && { component: form.component }),
    ...(form.costCenter.trim() && { costCenter: form.costCenter.trim() }),
  };
  const reason = form.reason.trim();
  const preview = usePreview(
    body.name && body.system && body.owner ? body : undefined,
  );
  const verdicts = preview.value?.verdicts ?? [];
  const { title } = offering;
  const whole = { ...body, ...(reason && { reason }) };
  const change = (changes: Partial<typeof form>) => {
    setSaved(false);
    setForm(before => ({ ...before, ...changes }));
  };
  const run = async (action: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    try {
      await action();
    } catch (problem) {
      // What was refused may be corrected, and is then another request.
      key.current = crypto.randomUUID();
      draftKey.current = crypto.randomUUID();
      setError(problem);
    }
    setBusy(false);
  };
  const keep = async ({ id, version }: RequestDetail) => {
    const saved = await api.saveDraft(id, { ...whole, version });
    setDraft(saved);
    setSaved(true);
    return saved;
  };
  const save = () =>
    run(async () => {
      if (draft) {
        await keep(draft);
        return;
      }
      const { id } = await api.createDraft(whole, draftKey.current);
      navigate(`${base}/requests/${id}`, { replace: true });
    });
  const submit = () =>
    run(async () => {
      if (draft) {
        const { id, version } = await keep(draft);
        await api.submitDraft(id, version);
        onSubmitted?.();
        return;
      }
      const { id } = await api.create(whole, key.current);
      navigate(`${base}/requests/${id}`);
    });
  const discard = (id: string) =>
    run(async () => {
      await api.discardDraft(id);
      navigate(`${base}/requests?scope=mine`);
    });
  const components = teams.components[form.owner] ?? [];

  return (
    <div className={styles.page}>
      <form
        // The cluster says what is missing; the browser would stumble over fields that are folded away
        noValidate
        className={styles.form}
        aria-label={t('form.title', { title })}
        onSubmit={event => {
          event.preventDefault();
          void submit();
        }}
      >
        <h2 className={styles.title}>
          {t('form.title', { title })}
          {draft && (
            <span className={styles.state}>
              <RequestState status="draft" />
            </span>
          )}
        </h2>
        <section className={styles.section}>
          <h3>{t('form.where')}</h3>
          <Field name="name" verdicts={verdicts}>
            <TextField
              label={t('form.name')}
              description={t('form.nameHelp')}
              isRequired
              maxLength={40}
              value={form.name}
              onChange={name => change({ name })}
            />
          </Field>
          <div className={styles.pair}>
            <Field name="environment" verdicts={verdicts}>
              <Select
                label={t('form.environment')}
                options={environments.map(each => ({
                  value: each.name,
                  label: each.title,
                }))}
                value={form.environment}
                onChange={value => change({ environment: String(value) })}
              />
            </Field>
            <Field name="costCenter" verdicts={verdicts}>
              <TextField
                label={t('form.costCenter')}
                placeholder={t('form.costCenterHelp')}
                maxLength={63}
                value={form.costCenter}
                onChange={costCenter => change({ costCenter })}
              />
            </Field>
            <Field name="owner" verdicts={verdicts}>
              <Select
                label={t('form.owner')}
                options={teams.owners.map(toOption)}
                value={form.owner}
                onChange={value => {
                  const owner = String(value);
                  change({
                    owner,
                    component: '',
                    system: teams.systems[owner]?.[0] ?? '',
                  });
                }}
              />
            </Field>
            <Field name="system" verdicts={verdicts}>
              <Select
                label={t('form.system')}
                options={(teams.systems[form.owner] ?? []).map(name => ({
                  value: name,
                  label: name,
                }))}
                value={form.system}
                onChange={value => change({ system: String(value) })}
              />
            </Field>
          </div>
          {components.length > 0 && (
            <Field name="component" verdicts={verdicts}>
              <Select
                label={t('form.component')}
                options={[
                  { value: 'none', label: '–' },
                  ...components.map(({ ref }) => toOption(ref)),
                ]}
                value={form.component || 'none'}
                onChange={value => {
                  const chosen = components.find(({ ref }) => ref === value);
                  change({
                    component: chosen?.ref ?? '',
                    ...(chosen?.system && { system: chosen.system }),
                  });
                }}
              />
            </Field>
          )}
        </section>
        <section className={styles.section}>
          <h3>{t('form.what')}</h3>
          <ParameterForm
            offering={offering}
            value={form.parameters}
            verdicts={verdicts}
            onChange={parameters => change({ parameters })}
          />
        </section>
        {preview.value?.approval.required && (
          <section className={styles.section}>
            <TextField
              label={t('form.reason')}
              description={t('form.reasonHelp')}
              maxLength={500}
              value={form.reason}
              onChange={text => change({ reason: text })}
            />
          </section>
        )}
        {error !== undefined && (
          <Problem title={t('form.failed')} error={error} />
        )}
        <div className={styles.foot}>
          <Button
            type="submit"
            isDisabled={isBusy || preview.isBusy || !preview.value?.submittable}
          >
            {preview.value?.approval.required
              ? t('form.submitApproval')
              : t('form.submit', { title })}
          </Button>
          <Button
            variant="secondary"
            isDisabled={isBusy || !body.owner}
            onPress={() => save()}
          >
            {t(draft ? 'form.saveAgain' : 'form.save')}
          </Button>
          {draft && (
            <Button
              variant="tertiary"
              isDisabled={isBusy}
              onPress={() => discard(draft.id)}
            >
              {t('form.discard')}
            </Button>
          )}
          <span className={styles.saved} role="status">
            {isSaved && !isBusy && t('form.saved')}
          </span>
        </div>
      </form>
      <PreviewPanel preview={preview} />
    </div>
  );
}

/** A field with what is said of it. */
function Field(props: {
  name: string;
  verdicts: readonly Verdict[];
  children: ReactNode;
}) {
  const { name, verdicts, children } = props;
  const said = verdicts.filter(({ field }) => field === name);
  return (
    <div className={styles.field} data-invalid={said.length > 0 || undefined}>
      {children}
      {said.map((verdict, index) => (
        <p key={index} className={styles.verdict} role="alert">
          {sentenceOf(verdict)}
        </p>
      ))}
    </div>
  );
}

/** What a draft may have and the form does not show. */
function settledOf(draft: Draft | undefined) {
  const { deletionProtection, timeToLiveDays } = draft ?? {};
  return {
    ...(deletionProtection !== undefined && { deletionProtection }),
    ...(timeToLiveDays !== undefined && { timeToLiveDays }),
  };
}

/** The draft, or where one comes from, says whose and what for. */
function begin(
  props: {
    readonly draft?: RequestDetail;
    readonly environments: readonly Environment[];
    readonly offering: Offering;
    readonly teams: Teams;
  },
  params: URLSearchParams,
) {
  const { environments, offering, teams } = props;
  const draft = props.draft?.draft;
  if (draft) {
    return {
      name: draft.name,
      environment: draft.environment,
      owner: draft.owner,
      component: draft.component ?? '',
      system: draft.system,
      costCenter: draft.costCenter ?? '',
      reason: draft.reason ?? '',
      parameters: { ...draft.parameters },
    };
  }
  const component = params.get('component') ?? '';
  const owner =
    teams.owners.find(each => each === params.get('owner')) ??
    teams.owners.find(each =>
      teams.components[each]?.some(({ ref }) => ref === component),
    ) ??
    teams.owners[0];
  const found = teams.components[owner]?.find(({ ref }) => ref === component);
  return {
    name: params.get('name') ?? '',
    environment:
      environments.find(({ name }) => name === params.get('environment'))
        ?.name ??
      environments.find(({ name }) => offering.environments.includes(name))
        ?.name ??
      '',
    owner,
    component: found?.ref ?? '',
    system:
      teams.systems[owner]?.find(each => each === params.get('system')) ??
      found?.system ??
      teams.systems[owner]?.[0] ??
      '',
    costCenter: params.get('costCenter') ?? '',
    reason: '',
    parameters: readParameters(params.get('parameters')),
  };
}

/** What is in an address may be anything; only an object can be what the form begins with. */
function readParameters(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value }
      : {};
  } catch {
    // Somebody has cut the address; the form is empty.
    return {};
  }
}

function toOption(ref: string) {
  return { value: ref, label: ref.slice(ref.indexOf('/') + 1) };
}
