/** Text as it can stand in a table of Markdown. What looks like HTML is text, outside of code too. */
export function tableCell(text: string): string {
  return text
    .trim()
    .split(/(`[^`]*`)/)
    .map(part => (part.startsWith('`') ? part : part.replace(/</g, '&lt;')))
    .join('')
    .replace(/\n{2,}/g, '<br>')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\|/g, '\\|');
}
