export interface Config {
  waystone?: {
    /**
     * How many API requests are served per minute. Who sends more gets 429 with
     * `Retry-After`. Health checks and the files of the frontend are not counted.
     *
     * Each replica counts for itself. Behind a reverse proxy `backend.trustProxy`
     * must be set, otherwise everybody has the proxy's address.
     */
    rateLimit?: {
      /**
       * Set to false to have no limits at all.
       * Default: true
       */
      enabled?: boolean;
      /** For one signed-in person, or rather for one token. */
      user?: {
        /** Default: 1200 */
        perMinute?: number;
      };
      /** For one network address, without credentials that were accepted before. */
      anonymous?: {
        /** Default: 600 */
        perMinute?: number;
      };
      /**
       * For one network address, requests whose credentials were refused. Beyond it
       * only credentials that were accepted before are let through.
       */
      failedAuth?: {
        /** Default: 120 */
        perMinute?: number;
      };
    };

    outbound?: {
      /**
       * Hosts that catalog locations, templates and documentation may be read from
       * although they are not on the public internet: `<host>` for port 443, or
       * `<host>:<port>`. The host must be known to `integrations` or
       * `backend.reading.allow` besides.
       *
       * Without this the portal reads from public addresses only, so that nobody
       * can make it fetch what only the portal itself can reach.
       *
       * Default: none
       */
      allowPrivate?: string[];
    };
  };
}
