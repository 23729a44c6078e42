import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';

/** What the source says of a schema and of its properties. */
export interface SchemaComments {
  readonly text: string;
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * The comments of all schemas in a folder of sources: JSON Schema has no place for them, and authors write them where
 * the schema is.
 */
export async function readComments(
  folder: string,
): Promise<ReadonlyMap<string, SchemaComments>> {
  const comments = new Map<string, SchemaComments>();
  const files = await readdir(folder, { recursive: true });
  for (const file of files.sort()) {
    if (!/\.ts$/.test(file) || /\.test\.ts$/.test(file)) continue;
    const source = ts.createSourceFile(
      file,
      await readFile(join(folder, file), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    for (const statement of source.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const { initializer, name } of statement.declarationList
        .declarations) {
        if (!ts.isIdentifier(name) || !name.text.endsWith('Schema')) continue;
        const properties: Record<string, string> = {};
        if (initializer) collectProperties(initializer, properties);
        comments.set(name.text, { text: textOf(statement), properties });
      }
    }
  }
  return comments;
}

/** Every object literal below counts, so that those of nested objects are found too: they have the same names. */
function collectProperties(
  node: ts.Node,
  properties: Record<string, string>,
): void {
  if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) {
    const text = textOf(node);
    if (text) properties[node.name.getText()] = text;
  }
  ts.forEachChild(node, child => collectProperties(child, properties));
}

function textOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map(comment => ts.getTextOfJSDocComment(comment.comment) ?? '')
    .join('\n')
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .trim();
}
