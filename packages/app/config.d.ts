export interface Config {
  waystone?: {
    /**
     * True where the portal talks to the sandbox instead of real systems; the portal then says so.
     * Default: false.
     * @visibility frontend
     */
    sandbox?: boolean;

    signIn?: {
      /** The ways to sign in that the sign-in page offers, in order. Each needs its entry in auth.providers. */
      providers?: Array<{
        /**
         * The id of the auth provider.
         * @visibility frontend
         */
        id: 'oidc' | 'github' | 'microsoft';
        /**
         * What people call it; the button reads 'Sign in with <title>'.
         * @visibility frontend
         */
        title: string;
      }>;
    };

    /** What everybody should know, shown on the home page, newest first. */
    announcements?: Array<{
      /**
       * Names the announcement for good; a person who hid it does not see it again.
       * @visibility frontend
       */
      id: string;
      /**
       * The day it was made, as YYYY-MM-DD.
       * @visibility frontend
       */
      date: string;
      /** @visibility frontend */
      title: string;
      /** @visibility frontend */
      body?: string;
      /**
       * A path in the portal, or an https address.
       * @visibility frontend
       */
      link?: string;
    }>;
  };
}
