import { createBackend } from '@backstage/backend-defaults';

const backend = createBackend();

// Health, HTTP server and URL reader that survive what the stock ones do not
backend.add(import('./services'));

// Portal
backend.add(import('@backstage/plugin-app-backend'));
backend.add(import('@backstage/plugin-user-settings-backend'));
backend.add(import('@backstage/plugin-notifications-backend'));
backend.add(import('@backstage/plugin-signals-backend'));
// Carries signals and catalog events between replicas
backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@waystone/plugin-events-backend-module-waystone'));

// Sign-in and permissions
backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-oidc-provider'));
backend.add(import('@backstage/plugin-auth-backend-module-github-provider'));
backend.add(import('@backstage/plugin-auth-backend-module-microsoft-provider'));
backend.add(import('@waystone/plugin-auth-backend-module-waystone'));
backend.add(import('@backstage/plugin-permission-backend'));
backend.add(import('@waystone/plugin-permission-backend-module-waystone'));

// Who did what
backend.add(import('@waystone/plugin-audit-backend'));

// Catalog
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('@backstage/plugin-catalog-backend-module-logs'));
backend.add(import('@waystone/plugin-catalog-backend-module-waystone'));
backend.add(
  import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
);

// Golden paths
backend.add(import('@backstage/plugin-scaffolder-backend'));
backend.add(import('@backstage/plugin-scaffolder-backend-module-github'));
backend.add(
  import('@backstage/plugin-scaffolder-backend-module-notifications'),
);
backend.add(import('@waystone/plugin-scaffolder-backend-module-waystone'));

// Documentation
backend.add(import('@backstage/plugin-techdocs-backend'));
backend.add(import('@waystone/plugin-techdocs-backend-module-native'));

// Search
backend.add(import('@backstage/plugin-search-backend'));
backend.add(import('@waystone/plugin-search-backend-module-waystone'));
backend.add(import('@backstage/plugin-search-backend-module-techdocs'));

// Clusters
backend.add(import('@backstage/plugin-kubernetes-backend'));
backend.add(import('@waystone/plugin-kubernetes-backend-module-waystone'));

// Infrastructure on request
backend.add(import('@waystone/plugin-infrastructure-backend'));
backend.add(import('@waystone/plugin-catalog-backend-module-infrastructure'));

// The systems behind the portal
backend.add(import('@waystone/plugin-platform-health-backend'));

// What runs where
backend.add(import('@waystone/plugin-delivery-backend'));

// Whether it is healthy
backend.add(import('@waystone/plugin-observability-backend'));

// What breaks policies, which weaknesses run, which secrets are old
backend.add(import('@waystone/plugin-governance-backend'));

// Assistants
backend.add(import('@backstage/plugin-mcp-actions-backend'));
backend.add(import('@waystone/actions'));

backend.start().catch(error => {
  // A half-started process would look alive, and nobody would start it again.
  process.stderr.write(
    `${JSON.stringify({ level: 'error', message: String(error) })}\n`,
  );
  process.exit(1);
});
