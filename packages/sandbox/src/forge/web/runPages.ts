import { html } from '../../pages/html';
import { succeeds } from '../ci/planRun';
import { ForgeError } from '../ForgeError';
import type { RunRecord } from '../state/schemas';
import {
  link,
  preformatted,
  readableTime,
  renderRepositoryPage,
} from './parts';
import type { WebCall } from './WebCall';

/** The runs of the simulated CI, newest first. @internal */
export function renderRuns(call: WebCall): string {
  const runs = [...call.record.runs].reverse();
  return renderRepositoryPage(
    call,
    'CI runs',
    html`<h2>CI runs</h2>
      <p>Simulated by the sandbox: nothing is built.</p>
      <ul class="cards">
        ${runs.map(
          run => html`<li class="card">
            <h3>
              ${link(
                call.url('actions', 'runs', String(run.number)),
                `#${run.number} ${run.title}`,
              )}
            </h3>
            <p>
              ${describe(run)} · ${run.branch} · ${readableTime(run.createdAt)}
            </p>
          </li>`,
        )}
      </ul>`,
  );
}

/** One run with the log of each step. @internal */
export function renderRun(call: WebCall): string {
  const run = call.record.runs.find(
    ({ number }) => String(number) === call.req.params.run,
  );
  if (!run) {
    throw ForgeError.notFound();
  }
  return renderRepositoryPage(
    call,
    `CI run #${run.number}`,
    html`<h2>#${run.number} ${run.title}</h2>
      <p>
        ${describe(run)} · ${run.workflow} · ${readableTime(run.createdAt)} ·
        ${link(call.url('commit', run.sha), run.sha.slice(0, 10))}
      </p>
      ${run.jobs.map(
        job => html`<h2>${job.name}</h2>
          ${run.completedAt
            ? preformatted(job.steps.flatMap(({ lines }) => lines).join('\n'))
            : html`<p>The log is there once the run has ended.</p>`}`,
      )}`,
  );
}

function describe(run: RunRecord): string {
  if (!run.completedAt) {
    return run.startedAt ? 'running' : 'waiting';
  }
  return succeeds(run) ? 'succeeded' : 'failed';
}
