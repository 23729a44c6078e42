/** A diagram as its author wrote it. */
export interface Diagram {
  /** Name that Kroki has for the language. */
  readonly type: string;
  readonly source: string;
}

/** The picture, or why there is none: shown to the author, so without addresses and without what only we know. */
export type DiagramOutcome =
  | { readonly svg: string }
  | { readonly problem: string; readonly fix: string };

/**
 * Draws the diagrams that the browser does not. What asks a server, which one, and how long, is the caller's to say:
 * the renderer asks nobody.
 */
export interface DiagramDrawer {
  /** Languages that are drawn, by the names that Kroki has for them. The source of all others is shown. */
  readonly types: readonly string[];
  /** Answers a problem rather than throw. The picture need not be safe: the renderer cleans it. */
  draw(diagram: Diagram, signal: AbortSignal): Promise<DiagramOutcome>;
}
