/** Text as it can stand in a table of Markdown. */
export function tableCell(text: string): string {
  return text
    .trim()
    .replace(/\n{2,}/g, '<br>')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\|/g, '\\|');
}
