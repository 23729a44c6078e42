/** What Backstage calls the documents of entities, and of docs. */
export const ENTITIES_TYPE = 'software-catalog';
export const DOCS_TYPE = 'techdocs';
