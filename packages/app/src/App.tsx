import { createApp } from '@backstage/frontend-defaults';
import { catalogIndexModule } from '@waystone/plugin-catalog-overview';
import { searchPageModule } from '@waystone/plugin-command-palette';
import { goldenPathsModule } from '@waystone/plugin-golden-paths';
import { homeModule } from './modules/home';
import { shellModule } from './modules/shell';
import { signInModule } from './modules/signIn';
import { wordsModule } from './modules/words';
import { themeModule } from './theme';

// Plugins are discovered from package.json (app.packages in app-config.yaml)
export default createApp({
  features: [
    shellModule,
    signInModule,
    homeModule,
    catalogIndexModule,
    goldenPathsModule,
    wordsModule,
    themeModule,
    searchPageModule,
  ],
});
