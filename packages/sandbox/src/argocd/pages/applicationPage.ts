import type { Router } from 'express';
import { html } from '../../pages/html';
import {
  createContentSecurityPolicy,
  renderMessagePage,
  renderPage,
} from '../../pages/renderPage';
import type { ApiContext } from '../api/ApiContext';
import { APPLICATION_TYPE, sourcesOf } from '../ApplicationTypes';
import type { Application } from '../ApplicationTypes';

/** Small pages, so that links to Argo CD lead somewhere. @internal */
export function addPageRoutes(router: Router, api: ApiContext): void {
  router.get(
    ['/applications/:name', '/applications/:namespace/:name'],
    (request, response) => {
      const { namespace = api.namespace, name } = request.params;
      const application = api.home.get({
        ...APPLICATION_TYPE,
        namespace,
        name,
      }) as Application | undefined;
      response
        .status(application ? 200 : 404)
        .type('html')
        .setHeader('Content-Security-Policy', createContentSecurityPolicy());
      response.send(
        application
          ? renderApplication(application)
          : renderMessagePage({
              title: 'No such Application',
              text: `The sandbox's Argo CD has no Application ${namespace}/${name}.`,
              link: { href: '/', label: 'The sandbox' },
            }),
      );
    },
  );
  router.get(['/', '/applications'], (_, response) => {
    response.redirect(302, '/');
  });
}

function renderApplication({ metadata, spec, status }: Application): string {
  const resources = status?.resources ?? [];
  const source = sourcesOf(spec).at(0);
  return renderPage({
    title: metadata.name ?? '',
    main: html`<h1>${metadata.name ?? ''}</h1>
      <p class="lead">
        Application of the sandbox's Argo CD:
        ${status?.sync?.status ?? 'Unknown'},
        ${status?.health?.status ?? 'Unknown'}
      </p>
      <p>
        ${source?.path ?? ''} of ${source?.repoURL ?? 'no repository'} at
        ${(status?.sync?.revision ?? source?.targetRevision ?? '').slice(
          0,
          12,
        )},
        to ${spec.destination.name ?? spec.destination.server ?? ''}, namespace
        ${spec.destination.namespace ?? ''}
      </p>
      ${status?.operationState &&
      html`<p>
        Last operation: ${status.operationState.phase}.
        ${status.operationState.message ?? ''}
      </p>`}
      <ul>
        ${resources.map(
          resource =>
            html`<li>
              ${resource.kind} ${resource.name}: ${resource.status ?? 'a hook'}
            </li>`,
        )}
      </ul>`,
  });
}
