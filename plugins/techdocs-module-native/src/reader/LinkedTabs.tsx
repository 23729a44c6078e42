import { useEffect } from 'react';
import { useShadowRootElements } from '@backstage/plugin-techdocs-react';

const STORED = 'waystone.docs.tabs';
/** Labels that are remembered, the last chosen first. */
const MAX_LABELS = 20;

interface Tab {
  readonly input: HTMLInputElement;
  readonly label: string;
}

/**
 * Content tabs of the same name are one choice, as with Material's `content.tabs.link`: who chooses 'Linux' once sees it
 * in all sets of the page that have it, and on the next pages.
 */
export function LinkedTabs() {
  const sets = useShadowRootElements<HTMLElement>(['.tabbed-set']);
  useEffect(() => {
    const choices = sets.map(set => readTabs(set));
    const remembered = readLabels();
    for (const tabs of choices) {
      const known = remembered.find(label =>
        tabs.some(tab => tab.label === label),
      );
      const tab = tabs.find(({ label }) => label === known);
      if (tab) tab.input.checked = true;
    }
    const onChange = (event: Event) => {
      const input = event.currentTarget as HTMLInputElement;
      const chosen = choices.flat().find(tab => tab.input === input)?.label;
      if (!chosen) return;
      const top = input.parentElement!.getBoundingClientRect().top;
      for (const tab of choices.flat()) {
        if (tab.label === chosen) tab.input.checked = true;
      }
      // Sets above may now be higher or lower: what was clicked stays in its place
      const moved = input.parentElement!.getBoundingClientRect().top - top;
      if (moved !== 0) window.scrollBy(0, moved);
      rememberLabel(chosen);
    };
    const inputs = choices.flat().map(({ input }) => input);
    for (const input of inputs) input.addEventListener('change', onChange);
    return () => {
      for (const input of inputs) input.removeEventListener('change', onChange);
    };
  }, [sets]);
  return null;
}

/** The tabs of a set, without those of sets inside of it. */
function readTabs(set: HTMLElement): Tab[] {
  return [...set.querySelectorAll<HTMLInputElement>(':scope > input')].flatMap(
    input => {
      const label = set.querySelector(
        `:scope > .tabbed-labels > label[for="${CSS.escape(input.id)}"]`,
      );
      const text = label?.textContent?.trim();
      return text ? [{ input, label: text }] : [];
    },
  );
}

function readLabels(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED) ?? '[]');
    return Array.isArray(stored)
      ? stored.filter(label => typeof label === 'string')
      : [];
  } catch {
    // Not ours, or nothing may be kept in this browser
    return [];
  }
}

function rememberLabel(label: string): void {
  const labels = [label, ...readLabels().filter(known => known !== label)];
  try {
    localStorage.setItem(STORED, JSON.stringify(labels.slice(0, MAX_LABELS)));
  } catch {
    // Nothing may be kept: the choice holds for this page
  }
}
