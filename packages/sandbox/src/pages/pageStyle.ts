/**
 * The one style sheet of all pages of the sandbox: the portal's colours, type and spacing, without its build.
 *
 * @remarks
 * The colours are those of `packages/app/src/theme/tokens.css`.
 *
 * @internal
 */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --canvas: #f5f6f8;
  --surface: #ffffff;
  --surface-hover: #e4f0ed;
  --ink: #18212b;
  --muted: #55616e;
  --line: #dde2e7;
  --line-strong: #84909c;
  --accent: #2f7d6b;
  --on-accent: #ffffff;
  --accent-ink: #27695a;
  --accent-soft: #e4f0ed;
}
@media (prefers-color-scheme: dark) {
  :root {
    --canvas: #12171c;
    --surface: #1a2027;
    --surface-hover: #1d3530;
    --ink: #e6eaee;
    --muted: #a3aeb9;
    --line: #2e3740;
    --line-strong: #6c7884;
    --accent: #6cc7b0;
    --on-accent: #0c1a17;
    --accent-ink: #7fd0bb;
    --accent-soft: #1d3530;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--canvas);
  color: var(--ink);
  font: 14px/20px 'Inter Variable', Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
.page { max-width: 592px; margin: 0 auto; padding: 48px 16px 32px; }
.brand { display: flex; align-items: center; gap: 8px; font-size: 16px; font-weight: 600; }
.brand svg { width: 28px; height: 28px; }
.brand .stone { fill: var(--accent); }
.brand .path { fill: var(--on-accent); }
.tag {
  margin-left: 4px; padding: 0 8px; border: 1px solid var(--line); border-radius: 10px;
  color: var(--muted); font-size: 12px; font-weight: 400; line-height: 18px;
}
h1 { margin: 24px 0 8px; font-size: 28px; line-height: 36px; font-weight: 600; letter-spacing: -0.01em; }
h2 { margin: 32px 0 8px; font-size: 16px; line-height: 24px; font-weight: 600; }
p { margin: 0 0 12px; }
.lead { margin: 0 0 24px; color: var(--muted); }
a { color: var(--accent-ink); text-underline-offset: 2px; }
ul { list-style: none; margin: 0; padding: 0; }
.people { display: grid; gap: 8px; }
.person {
  display: flex; align-items: center; gap: 12px; width: 100%; min-height: 64px; padding: 12px 16px;
  border: 1px solid var(--line); border-radius: 8px; background: var(--surface);
  color: inherit; font: inherit; text-align: left; cursor: pointer;
}
.person:hover { border-color: var(--accent); background: var(--surface-hover); }
.person:hover .avatar { background: var(--surface); }
.avatar {
  flex: none; display: grid; place-items: center; width: 40px; height: 40px; border-radius: 50%;
  background: var(--accent-soft); color: var(--accent-ink); font-weight: 600;
}
.who { flex: 1; min-width: 0; }
.name { display: block; font-weight: 600; overflow-wrap: anywhere; }
.role { display: block; color: var(--muted); }
.team { flex: none; max-width: 40%; color: var(--muted); font-size: 12px; line-height: 16px; text-align: right; }
.go { flex: none; width: 16px; height: 16px; color: var(--line-strong); }
.person:hover .go { color: var(--accent); }
details { margin-top: 16px; }
summary { width: fit-content; padding: 8px; margin-left: -8px; border-radius: 8px; font-weight: 600; cursor: pointer; }
summary:hover { color: var(--accent-ink); }
details .people { gap: 0; margin-top: 8px; border: 1px solid var(--line); border-radius: 8px; overflow: hidden; background: var(--surface); }
details li + li { border-top: 1px solid var(--line); }
details .person { min-height: 56px; padding: 8px 16px; border: 0; border-radius: 0; }
details .person:focus-visible { outline-offset: -2px; }
details .avatar { width: 32px; height: 32px; font-size: 12px; }
.foot { display: flex; margin-top: 24px; padding-top: 16px; border-top: 1px solid var(--line); }
.card { padding: 16px; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); }
.card p:last-child { margin: 0; }
.card h3 { margin: 0 0 4px; font-size: 14px; }
.cards { display: grid; gap: 8px; }
code { font: 13px/20px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 24px; }
.button {
  padding: 8px 16px; border: 1px solid var(--line-strong); border-radius: 8px; background: var(--surface);
  color: var(--ink); font: inherit; font-weight: 600; text-decoration: none; cursor: pointer;
}
.button:hover { border-color: var(--accent); background: var(--surface-hover); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (max-width: 480px) {
  .page { padding-top: 24px; }
  h1 { font-size: 20px; line-height: 28px; margin-top: 16px; }
  .lead { margin-bottom: 16px; }
  .person { padding-left: 12px; padding-right: 12px; }
  .go { display: none; }
}
@media (forced-colors: active) {
  .avatar { border: 1px solid; }
}
`;
