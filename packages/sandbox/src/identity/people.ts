import { readFileSync } from 'node:fs';
import { LineCounter, parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';
import { z } from 'zod';
import { SandboxStartError } from '../SandboxStartError';

/**
 * Somebody who can sign in.
 *
 * @public
 */
export interface Person {
  /** The entity reference, also the OpenID subject: `user:default/maya.okafor`. */
  readonly ref: string;
  /** The entity name: `maya.okafor`. */
  readonly name: string;
  readonly displayName: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly picture?: string;
  /** What she does, in one line. */
  readonly role?: string;
  /** The groups she is a direct member of. */
  readonly teams: readonly { readonly ref: string; readonly title: string }[];
  /** In which part of the sign-in page she is offered. */
  readonly place: 'featured' | 'others' | 'tests';
}

/** One of each role that the portal is made for, in this order on the sign-in page. */
const FEATURED_REFS = [
  'maya.okafor',
  'priya.raman',
  'tomas.herrera',
  'ingrid.solberg',
  'david.mensah',
].map(name => `user:default/${name}`);

const metadataSchema = z.object({
  name: z.string().min(1),
  namespace: z.string().min(1).default('default'),
  description: z.string().optional(),
});

const userSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    profile: z.object({
      displayName: z.string().min(1),
      email: z.email(),
      picture: z.url().optional(),
    }),
    memberOf: z.array(z.string().min(1)).default([]),
  }),
});

const groupSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    profile: z.object({ displayName: z.string().min(1).optional() }).optional(),
  }),
});

/**
 * Reads the people of an organisation from a file of catalog entities.
 *
 * @param file - path of a YAML file with `User` and `Group` entities; other kinds are passed over
 * @param options - `testPeople` adds two whom the portal must refuse
 * @public
 */
export function readPeople(
  file: string,
  options?: { testPeople?: boolean },
): Person[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new SandboxStartError(
      `Cannot read the organisation file '${file}' (${
        (error as NodeJS.ErrnoException).code
      }). Point WAYSTONE_SANDBOX_ORG at a YAML file of User and Group entities.`,
    );
  }
  const people = parsePeople(text, file);
  return options?.testPeople
    ? [...people, ...createTestPeople(people)]
    : people;
}

/**
 * Parses the text of an organisation file. Errors name the file, the line and the field.
 *
 * @internal
 */
export function parsePeople(text: string, file: string): Person[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
  });
  const users: z.infer<typeof userSchema>[] = [];
  const groupTitles = new Map<string, string>();
  const seen = new Map<string, string>();

  for (const document of documents as Document.Parsed[]) {
    const fail = (path: readonly PropertyKey[], message: string): never => {
      const line = lines.linePos(findOffset(document, path)).line;
      const field = path.length > 0 ? `, ${path.join('.')}` : '';
      throw new SandboxStartError(`${file}, line ${line}${field}: ${message}`);
    };
    const parse = <T>(schema: z.ZodType<T>, value: unknown): T => {
      const result = schema.safeParse(value);
      if (!result.success) {
        const [issue] = result.error.issues;
        return fail(issue.path, issue.message);
      }
      return result.data;
    };

    if (document.errors.length > 0) {
      const [error] = document.errors;
      throw new SandboxStartError(
        `${file}, line ${lines.linePos(error.pos[0]).line}: ${error.message}`,
      );
    }
    const entity: unknown = document.toJS();
    if (entity === null) {
      continue; // an empty document, as after a closing ---
    }
    const { kind } = parse(z.object({ kind: z.string() }), entity);
    if (kind === 'Group') {
      const { metadata, spec } = parse(groupSchema, entity);
      groupTitles.set(
        toRef('group', metadata.namespace, metadata.name),
        spec.profile?.displayName ?? metadata.name,
      );
    } else if (kind === 'User') {
      const user = parse(userSchema, entity);
      const ref = toRef('user', user.metadata.namespace, user.metadata.name);
      // Two people of one name or e-mail would make it a matter of luck whom the portal signs in.
      for (const [path, value] of [
        [['metadata', 'name'], ref],
        [['spec', 'profile', 'email'], user.spec.profile.email.toLowerCase()],
      ] as const) {
        const other = seen.get(value);
        if (other !== undefined) {
          fail(path, `'${value}' is already taken by ${other}`);
        }
        seen.set(value, user.spec.profile.displayName);
      }
      users.push(user);
    }
  }

  if (users.length === 0) {
    throw new SandboxStartError(
      `${file} holds no entity of kind User, so nobody could sign in.`,
    );
  }
  return users.map(user => toPerson(user, groupTitles)).sort(byPlaceAndName);
}

/**
 * Two people for tests: one who claims the e-mail of somebody else, and one whom the catalog does not know.
 */
function createTestPeople(people: readonly Person[]): Person[] {
  const victim =
    people.find(person => person.ref === 'user:default/tomas.herrera') ??
    people[0];
  return [
    {
      ref: 'user:default/sandbox.unverified',
      name: 'sandbox.unverified',
      displayName: 'Unverified e-mail',
      email: victim.email,
      emailVerified: false,
      role: `Claims the e-mail of ${victim.displayName}`,
      teams: [],
      place: 'tests',
    },
    {
      ref: 'user:default/sandbox.unknown',
      name: 'sandbox.unknown',
      displayName: 'Unknown person',
      email: 'sandbox.unknown@example.com',
      emailVerified: true,
      role: 'Not in the catalog',
      teams: [],
      place: 'tests',
    },
  ];
}

function toPerson(
  { metadata, spec }: z.infer<typeof userSchema>,
  groupTitles: ReadonlyMap<string, string>,
): Person {
  const ref = toRef('user', metadata.namespace, metadata.name);
  return {
    ref,
    name: metadata.name,
    displayName: spec.profile.displayName,
    email: spec.profile.email,
    emailVerified: true,
    picture: spec.profile.picture,
    role: metadata.description,
    teams: spec.memberOf.map(group => {
      const groupRef = toGroupRef(group, metadata.namespace);
      return { ref: groupRef, title: groupTitles.get(groupRef) ?? group };
    }),
    place: FEATURED_REFS.includes(ref) ? 'featured' : 'others',
  };
}

/** Completes a reference as the catalog does: `orders` and `default/orders` mean `group:default/orders`. */
function toGroupRef(reference: string, defaultNamespace: string): string {
  const [, kind = 'group', namespace = defaultNamespace, name] =
    /^(?:([^:/]+):)?(?:([^/]+)\/)?(.+)$/.exec(reference) ?? [];
  return toRef(kind, namespace, name ?? reference);
}

function toRef(kind: string, namespace: string, name: string): string {
  return `${kind}:${namespace}/${name}`.toLowerCase();
}

function byPlaceAndName(a: Person, b: Person): number {
  if (a.place !== b.place) {
    return a.place === 'featured' ? -1 : 1;
  }
  return a.place === 'featured'
    ? FEATURED_REFS.indexOf(a.ref) - FEATURED_REFS.indexOf(b.ref)
    : a.displayName.localeCompare(b.displayName);
}

/** Where a field stands in the file or, when it is missing, the nearest thing around it. */
function findOffset(
  document: Document.Parsed,
  path: readonly PropertyKey[],
): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    const range = (node as { range?: [number, number, number] } | undefined)
      ?.range;
    if (range) {
      return range[0];
    }
  }
  return document.contents?.range?.[0] ?? document.range[0];
}
