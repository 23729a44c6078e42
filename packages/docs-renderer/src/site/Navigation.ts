/** One node of a site's navigation, ready to be shown. */
export interface NavNode {
  readonly title: string;
  /** Address inside the site, or of another site. */
  readonly url?: string;
  /** The page, for pages of this site. */
  readonly page?: string;
  readonly children?: readonly NavNode[];
}

/** The pages of a navigation in reading order. */
export function pagesInOrder(nodes: readonly NavNode[]): NavNode[] {
  return nodes.flatMap(node => {
    if (node.children) return pagesInOrder(node.children);
    return node.page === undefined ? [] : [node];
  });
}
