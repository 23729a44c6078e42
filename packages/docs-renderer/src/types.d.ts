declare module 'markdown-it-abbr' {
  import type { PluginSimple } from 'markdown-it';

  const plugin: PluginSimple;
  export default plugin;
}

declare module 'markdown-it-deflist' {
  import type { PluginSimple } from 'markdown-it';

  const plugin: PluginSimple;
  export default plugin;
}

declare module 'markdown-it-footnote' {
  import type { PluginSimple } from 'markdown-it';

  const plugin: PluginSimple;
  export default plugin;
}

declare module 'markdown-it-emoji' {
  import type { PluginWithOptions } from 'markdown-it';

  export const full: PluginWithOptions<{
    shortcuts?: Record<string, string | string[]>;
  }>;
}
