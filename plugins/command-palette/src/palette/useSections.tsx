import {
  useApiHolder,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { RiSearchLine } from '@remixicon/react';
import type { SearchResult } from '@waystone/plugin-search-common';
import { kindIcon } from '../results/kindIcon';
import { useKindLabel } from '../results/useKindLabel';
import { commandPaletteTranslationRef } from '../translation';
import { matchEntries } from './matchEntries';
import type { PaletteAction } from './PaletteActionBlueprint';
import { ALL_RESULTS } from './PaletteEntry';
import type { PaletteEntry, PaletteSection } from './PaletteEntry';
import { usePages } from './usePages';
import { useRecent } from './useRecent';
import type { Suggestions } from './useSuggestions';

/** The rows of the palette for what is typed. @internal */
export function useSections(options: {
  readonly actions: readonly PaletteAction[];
  readonly pathname: string;
  readonly question: string;
  readonly suggestions: Suggestions;
}): readonly PaletteSection[] {
  const { pathname, question, suggestions } = options;
  const { t } = useTranslationRef(commandPaletteTranslationRef);
  const apis = useApiHolder();
  const kindLabel = useKindLabel();
  const pages = usePages();
  const recent = useRecent(pathname);
  const actions = options.actions.map(
    (action): PaletteEntry => ({
      id: `action:${action.title}`,
      title: action.title,
      keywords: action.keywords,
      icon: action.icon,
      href: action.href,
      run: action.run && (() => void action.run?.({ apis })),
    }),
  );
  const section = (
    id: string,
    title: string,
    entries: readonly PaletteEntry[],
  ): PaletteSection[] => (entries.length > 0 ? [{ id, title, entries }] : []);

  if (!question) {
    return [
      ...section('recent', t('palette.recent'), recent),
      ...section('actions', t('palette.actions'), actions),
      ...section('pages', t('palette.goTo'), pages),
    ];
  }
  const matching = {
    actions: matchEntries(actions, question),
    pages: matchEntries(pages, question),
  };
  const toEntry = (result: SearchResult): PaletteEntry => ({
    id: result.id,
    title: result.title,
    detail:
      result.type === 'docs'
        ? [result.detail, result.excerpt].filter(Boolean).join(': ')
        : result.detail,
    kind: kindLabel(result.kind),
    icon: kindIcon(result.kind),
    href: result.location,
  });
  const groups = [...new Set(suggestions.results.map(({ group }) => group))];
  return [
    ...section('pages', t('palette.goTo'), matching.pages.first),
    ...section('actions', t('palette.actions'), matching.actions.first),
    ...groups.flatMap(group =>
      section(
        group,
        t(`group.${group}`),
        suggestions.results
          .filter(result => result.group === group)
          .map(toEntry),
      ),
    ),
    ...section('other-pages', t('palette.goTo'), matching.pages.other),
    ...section('other-actions', t('palette.actions'), matching.actions.other),
    ...(suggestions.results.length > 0
      ? section('all', '', [
          {
            id: ALL_RESULTS,
            title: t('palette.all', { query: question }),
            href: `/search?query=${encodeURIComponent(question)}`,
            icon: <RiSearchLine />,
          },
        ])
      : []),
  ];
}
