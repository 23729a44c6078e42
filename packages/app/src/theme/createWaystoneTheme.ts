import {
  createBaseThemeOptions,
  createUnifiedTheme,
  defaultTypography,
  genPageTheme,
  palettes,
} from '@backstage/theme';

const FONT_FAMILY =
  "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif";

/** The values of tokens.css that Material UI has to know as plain colours, because it computes tints of them. */
const colours = {
  light: {
    app: '#f5f6f8',
    surface: '#ffffff',
    text: '#18212b',
    secondaryText: '#55616e',
    border: '#dde2e7',
    accent: '#2f7d6b',
    accentDark: '#276a5b',
    accentText: '#27695a',
    onAccent: '#ffffff',
    healthy: '#1d7a3d',
    progressing: '#2460b2',
    attention: '#8a5a00',
    critical: '#b42a22',
    unknown: '#5b6773',
  },
  dark: {
    app: '#12171c',
    surface: '#1a2027',
    text: '#e6eaee',
    secondaryText: '#a3aeb9',
    border: '#2e3740',
    accent: '#6cc7b0',
    accentDark: '#83d2be',
    accentText: '#7fd0bb',
    onAccent: '#0c1a17',
    healthy: '#6fcf87',
    progressing: '#7fb2f5',
    attention: '#e5b454',
    critical: '#f28b82',
    unknown: '#a3aeb9',
  },
};

/**
 * The Material UI side of the theme, for Backstage's own pages that still use it. Our components use
 * Backstage UI and the tokens in tokens.css.
 */
export function createWaystoneTheme(options: { mode: 'light' | 'dark' }) {
  const c = colours[options.mode];
  const flatPage = genPageTheme({
    colors: [c.app],
    shape: 'none',
    options: { fontColor: c.text },
  });

  return createUnifiedTheme({
    ...createBaseThemeOptions({
      palette: {
        ...palettes[options.mode],
        mode: options.mode,
        primary: {
          main: c.accent,
          dark: c.accentDark,
          contrastText: c.onAccent,
        },
        secondary: { main: c.secondaryText },
        error: { main: c.critical },
        warning: { main: c.attention },
        info: { main: c.progressing },
        success: { main: c.healthy },
        background: { default: c.app, paper: c.surface },
        text: { primary: c.text, secondary: c.secondaryText },
        divider: c.border,
        border: c.border,
        link: c.accentText,
        linkHover: c.accentText,
        textContrast: c.text,
        textSubtle: c.secondaryText,
        textVerySubtle: c.border,
        highlight: c.surface,
        errorBackground: c.surface,
        warningBackground: c.surface,
        infoBackground: c.surface,
        errorText: c.critical,
        warningText: c.attention,
        infoText: c.progressing,
        status: {
          ok: c.healthy,
          warning: c.attention,
          error: c.critical,
          running: c.progressing,
          pending: c.attention,
          aborted: c.unknown,
        },
      },
      typography: {
        ...defaultTypography,
        fontFamily: FONT_FAMILY,
        h1: { fontSize: 28, fontWeight: 650, marginBottom: 4 },
        h2: { fontSize: 20, fontWeight: 650, marginBottom: 4 },
        h3: { fontSize: 20, fontWeight: 600, marginBottom: 4 },
        h4: { fontSize: 16, fontWeight: 600, marginBottom: 4 },
        h5: { fontSize: 16, fontWeight: 600, marginBottom: 4 },
        h6: { fontSize: 14, fontWeight: 600, marginBottom: 4 },
      },
    }),
    fontFamily: FONT_FAMILY,
    defaultPageTheme: 'home',
    pageTheme: Object.fromEntries(
      [
        'home',
        'documentation',
        'tool',
        'service',
        'website',
        'library',
        'other',
        'app',
        'apis',
        'card',
      ].map(name => [name, flatPage]),
    ),
    components: {
      BackstageHeader: {
        styleOverrides: {
          header: {
            backgroundImage: 'none',
            boxShadow: 'none',
            paddingBottom: 12,
          },
          title: { color: c.text },
          subtitle: { color: c.secondaryText },
          type: { color: c.secondaryText },
        },
      },
      BackstageHeaderTabs: {
        styleOverrides: {
          defaultTab: { fontSize: 14, textTransform: 'none' },
          tabsWrapper: { backgroundColor: c.app },
        },
      },
      BackstageTableHeader: {
        styleOverrides: {
          header: {
            borderTop: 'none',
            color: c.secondaryText,
            fontSize: 12,
            textTransform: 'none',
          },
        },
      },
      CatalogReactUserListPicker: {
        styleOverrides: {
          root: { backgroundColor: 'transparent', boxShadow: 'none' },
          title: {
            color: c.secondaryText,
            fontSize: 12,
            fontWeight: 600,
            textTransform: 'none',
          },
          groupWrapper: { margin: 0 },
          menuItem: { minHeight: 40 },
        },
      },
      // Words of logs, in colours that can be read
      BackstageLogViewer: {
        styleOverrides: {
          modifierForegroundBlue: { color: c.progressing },
          modifierForegroundGreen: { color: c.healthy },
          modifierForegroundRed: { color: c.critical },
          modifierForegroundYellow: { color: c.attention },
        },
      },
      BackstageErrorPageMicDrop: {
        styleOverrides: { micDrop: { display: 'none' } },
      },
      BackstageIconLinkVertical: {
        styleOverrides: {
          label: { fontSize: 12, letterSpacing: 0, textTransform: 'none' },
        },
      },
      MuiToggleButton: { styleOverrides: { root: { textTransform: 'none' } } },
      MuiPaper: {
        defaultProps: { elevation: 0 },
        styleOverrides: {
          root: { backgroundImage: 'none' },
          elevation1: { border: `1px solid ${c.border}`, boxShadow: 'none' },
          elevation2: { border: `1px solid ${c.border}`, boxShadow: 'none' },
          rounded: { borderRadius: 8 },
        },
      },
      MuiCard: {
        styleOverrides: {
          root: { border: `1px solid ${c.border}`, boxShadow: 'none' },
        },
      },
      MuiButton: {
        defaultProps: { disableElevation: true },
        styleOverrides: {
          root: { borderRadius: 6, fontWeight: 600, textTransform: 'none' },
        },
      },
      MuiTab: { styleOverrides: { root: { textTransform: 'none' } } },
      MuiTableCell: {
        styleOverrides: {
          // Names are never broken between letters; the table scrolls instead
          root: { overflowWrap: 'normal', wordBreak: 'normal' },
        },
      },
      MuiTableRow: {
        styleOverrides: {
          root: { '&:nth-of-type(odd)': { backgroundColor: 'transparent' } },
        },
      },
      MuiChip: {
        styleOverrides: {
          root: { backgroundColor: c.app, borderRadius: 6, color: c.text },
        },
      },
    },
  });
}
