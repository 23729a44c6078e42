/** How Argo CD words that a source could not be rendered. @internal */
export function explainRenderError(reason: string): string {
  return `Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = ${reason}`;
}
