import { createEditorSchema } from '@waystone/plugin-catalog-checks-common';
import { Router } from 'express';

/** Where editors find the JSON Schema of a catalog-info.yaml, below `/api/catalog`. */
export const SCHEMA_PATH = '/waystone/schemas/catalog-info.json';

/** Serves the schema to everybody: it describes a file format, and names nothing of the organisation. */
export function createSchemaRouter(): Router {
  const router = Router();
  const schema = JSON.stringify(createEditorSchema());
  router.get(SCHEMA_PATH, (_req, res) => {
    res
      .type('application/schema+json')
      .set('Cache-Control', 'public, max-age=3600')
      // Editors in a browser are of another origin
      .set('Access-Control-Allow-Origin', '*')
      .send(schema);
  });
  return router;
}
