import { Html, html } from '../pages/html';
import { renderPage } from '../pages/renderPage';
import type { Person } from './people';

const ARROW = html`<svg
  class="go"
  viewBox="0 0 16 16"
  fill="none"
  stroke="currentColor"
  stroke-width="1.5"
  stroke-linecap="round"
  stroke-linejoin="round"
  aria-hidden="true"
  focusable="false"
>
  <path d="m6 3.5 4.5 4.5L6 12.5" />
</svg>`;

/**
 * The sign-in page: one button for each person, without script.
 *
 * @remarks
 * Each button submits the form with the person's reference, so it works with the keyboard and a screen reader as any
 * button does.
 *
 * @param options - `action` is the address that takes the choice, `hint` the person that the client expects
 * (OpenID's `login_hint`: an e-mail, a name or a reference)
 * @internal
 */
export function renderLoginPage(options: {
  people: readonly Person[];
  action: string;
  hint?: string;
}): string {
  const { people, action } = options;
  const hint = options.hint?.toLowerCase();
  const hinted = people.find(
    person =>
      hint !== undefined &&
      person.place !== 'tests' &&
      [person.ref, person.name, person.email.toLowerCase()].includes(hint),
  );
  const inPlace = (place: Person['place']) =>
    people.filter(person => person.place === place);
  const [featured, others, tests] = [
    inPlace('featured'),
    inPlace('others'),
    inPlace('tests'),
  ];

  return renderPage({
    title: 'Sign in to Waystone',
    main: html`<h1>Sign in to Waystone</h1>
      <p class="lead">
        This is the sandbox's sign-in: pick a person of the example
        organisation. No password is needed here, and none of this exists in
        production.
      </p>
      <form method="post" action="${action}">
        ${renderPeople(featured, hinted)}
        ${others.length > 0 &&
        html`<details
          ${(!featured.length || hinted?.place === 'others') && 'open'}
        >
          <summary>Everyone else (${others.length})</summary>
          ${renderPeople(others, hinted)}
        </details>`}
        ${tests.length > 0 &&
        html`<details>
          <summary>For tests (${tests.length})</summary>
          ${renderPeople(tests, hinted)}
        </details>`}
      </form>
      <div class="foot"><a href="${action}/cancel">Cancel</a></div>`,
  });
}

function renderPeople(
  people: readonly Person[],
  hinted: Person | undefined,
): Html {
  return html`<ul class="people">
    ${people.map(
      person => html`<li>
        <button
          class="person"
          name="person"
          value="${person.ref}"
          ${person === hinted && 'autofocus'}
        >
          <span class="avatar" aria-hidden="true">${toInitials(person)}</span>
          <span class="who">
            <span class="name">${person.displayName}</span>
            ${person.role !== undefined &&
            html`<span class="role">${person.role}</span>`}
          </span>
          <span class="team">
            ${person.teams.map(team => team.title).join(', ')}
          </span>
          ${ARROW}
        </button>
      </li>`,
    )}
  </ul>`;
}

function toInitials(person: Person): string {
  const words = person.displayName.split(/\s+/);
  return [words[0], ...(words.length > 1 ? words.slice(-1) : [])]
    .map(word => word[0]?.toUpperCase() ?? '')
    .join('');
}
