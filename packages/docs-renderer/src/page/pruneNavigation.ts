import { pagesInOrder, type NavNode } from '../site/Navigation';

/** Places of the sections that lead to a page, from the outermost; undefined when the navigation does not have it. */
export type SectionPath = readonly number[];

/** The sections above each page, at its first place in the navigation. */
export function sectionPaths(
  nodes: readonly NavNode[],
): ReadonlyMap<string, SectionPath> {
  const found = new Map<string, SectionPath>();
  const walk = (list: readonly NavNode[], above: SectionPath) => {
    list.forEach((node, index) => {
      if (node.children) walk(node.children, [...above, index]);
      else if (node.page !== undefined && !found.has(node.page)) {
        found.set(node.page, above);
      }
    });
  };
  walk(nodes, []);
  return found;
}

/** The navigation with only the sections of one path open; every other is a link to its first page. */
export function pruneNavigation(
  nodes: readonly NavNode[],
  [open, ...inner]: SectionPath,
): NavNode[] {
  return nodes.flatMap((node, index): NavNode[] => {
    if (!node.children) return [node];
    if (index === open) {
      return [{ ...node, children: pruneNavigation(node.children, inner) }];
    }
    const [first] = pagesInOrder(node.children);
    return first ? [{ ...first, title: node.title }] : [];
  });
}
