import { z } from 'zod';
import { ForgeError } from '../ForgeError';
import { isOwnerName } from '../git/checkNames';
import type { ForgeCall, ForgeRouter } from './ForgeRouter';
import { presentOrganisation, presentUser } from './presentUser';

/** The version of Gitea that the sandbox speaks like. */
const VERSION = '1.26.0+waystone-sandbox';

const organisationSchema = z.object({
  username: z.string(),
  full_name: z.string().optional(),
  description: z.string().optional(),
});

/** Version, users and organisations. @internal */
export function addAccountRoutes(router: ForgeRouter): void {
  router
    .on('get', '/version', ({ res }) => {
      res.json({ version: VERSION });
    })
    .on('get', '/user', call => {
      call.res.json(presentUser(call.service, call.writer.login));
    })
    .on('get', '/users/:login', call => {
      const account = call.service.state.account(call.req.params.login);
      if (!account) {
        throw ForgeError.notFound();
      }
      call.res.json(presentUser(call.service, account.login));
    })
    .on('get', '/orgs', call => {
      call.sendPage(organisations(call), presentOrganisation);
    })
    .on('get', '/user/orgs', call => {
      if (call.writer) {
        call.sendPage(organisations(call), presentOrganisation);
      }
    })
    .on('get', '/orgs/:login', call => {
      call.res.json(
        presentOrganisation(findOrganisation(call, call.req.params.login)),
      );
    })
    .on('post', '/orgs', call => {
      if (!call.writer) {
        return;
      }
      const body = call.body(organisationSchema);
      if (!isOwnerName(body.username)) {
        throw ForgeError.invalid(`name is invalid [name: ${body.username}]`);
      }
      if (call.service.state.account(body.username)) {
        throw ForgeError.invalid(
          `user already exists [name: ${body.username}]`,
        );
      }
      call.res.status(201).json(
        presentOrganisation(
          call.service.ensureAccount({
            login: body.username,
            kind: 'organisation',
            fullName: body.full_name ?? body.username,
            description: body.description ?? '',
          }),
        ),
      );
    });
}

/** The organisation; 404 if there is none. @internal */
export function findOrganisation(call: ForgeCall, login: string) {
  const account = call.service.state.account(login);
  if (account?.kind !== 'organisation') {
    throw ForgeError.notFound();
  }
  return account;
}

function organisations(call: ForgeCall) {
  return call.service.state.accounts.filter(
    ({ kind }) => kind === 'organisation',
  );
}
