export interface Config {
  waystone?: {
    permissions?: {
      /**
       * The groups of the platform team, who may do everything. Full entity refs,
       * such as `group:default/platform`.
       * Default: none, so nobody may.
       */
      platformGroups?: string[];
      /**
       * Users or groups who see everything and change nothing. Full entity refs,
       * such as `user:default/jane.doe` or `group:default/audit`. It takes
       * precedence over `platformGroups`.
       * Default: none.
       */
      auditors?: string[];
    };
  };
}
