/**
 * The console's only stylesheet. Colours meet WCAG AA on their backgrounds in both schemes; state
 * is always said in words too.
 */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f4f5f7; --card: #ffffff; --ink: #16191d; --dim: #545c66; --line: #d4d9df;
  --link: #0b57b7; --p0: #b3141b; --p1: #94500a; --p2: #1f5a99; --good: #1b6b33;
  --late: #b3141b; --on: #ffffff; --code: #eceef1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1114; --card: #181c21; --ink: #eceff2; --dim: #a3adb8; --line: #333b44;
    --link: #84b9ff; --p0: #ff8a84; --p1: #f5b053; --p2: #8abaf2; --good: #77d18f;
    --late: #ff8a84; --on: #0e1114; --code: #23292f;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 0 1rem 3rem; max-width: 60rem;
  background: var(--page); color: var(--ink);
  font: 1.0625rem/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  overflow-wrap: anywhere;
}
a { color: var(--link); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
h1, h2, h3, p, ul, ol, dl, dd { margin: 0; }
ul, ol { padding: 0; list-style: none; }
.top { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; padding: 1rem 0; }
.top .name { font-weight: 700; font-size: 1.25rem; color: inherit; text-decoration: none; }
.top .tenant { color: var(--dim); }
#contact {
  position: sticky; top: 0; z-index: 1; margin: 0 -1rem .75rem; padding: .6rem 1rem;
  background: var(--late); color: var(--on); font-weight: 600;
}
#contact:empty { display: none; }
.tabs { display: flex; flex-wrap: wrap; gap: .5rem; margin-bottom: 1rem; }
.tabs a {
  padding: .55rem 1rem; border: 1px solid var(--line); border-radius: .5rem;
  background: var(--card); color: inherit; text-decoration: none;
}
.tabs a[aria-current] { border-color: var(--ink); box-shadow: inset 0 0 0 1px var(--ink); font-weight: 700; }
.cards { display: grid; gap: .75rem; }
.card {
  position: relative; padding: .9rem 1rem; border: 1px solid var(--line); border-radius: .6rem;
  background: var(--card); border-left: .4rem solid var(--edge, var(--line));
}
.card h2 { font-size: 1.2rem; line-height: 1.3; margin: .35rem 0 .1rem; }
.card h2 a { color: inherit; text-decoration: none; }
.card h2 a::after { content: ""; position: absolute; inset: 0; }
.card:hover h2 a, .card:focus-within h2 a { text-decoration: underline; }
.p0 { --edge: var(--p0); } .p1 { --edge: var(--p1); } .p2 { --edge: var(--p2); }
.row { display: flex; flex-wrap: wrap; gap: .3rem .7rem; align-items: baseline; }
.sev {
  padding: .05rem .55rem; border-radius: .35rem; background: var(--edge); color: var(--on);
  font-weight: 700;
}
.state { font-weight: 700; }
.dim { color: var(--dim); }
.small { font-size: .9375rem; }
.clock { font-weight: 700; font-variant-numeric: tabular-nums; }
.late { color: var(--late); }
.good { color: var(--good); }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .5rem 0 .25rem; }
.part { margin-top: 1.75rem; }
.part > h2, .part > .dim:not(:last-child) { margin-bottom: .5rem; }
.part > h2 { font-size: 1.1rem; margin-bottom: .5rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: .75rem; }
.pair h3 { font-size: 1rem; font-weight: 600; color: var(--dim); }
.pair .clock { font-size: 1.25rem; margin: .1rem 0; }
progress { width: 100%; height: .6rem; accent-color: var(--edge, var(--link)); }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
.facts dt { color: var(--dim); }
@media (max-width: 30rem) {
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: .5rem; }
}
.links { display: flex; flex-wrap: wrap; gap: .5rem; }
.links a {
  display: inline-block; padding: .5rem .9rem; border: 1px solid var(--line); border-radius: .5rem;
  background: var(--card); text-decoration: none;
}
.steps { display: flex; flex-wrap: wrap; gap: .5rem; margin-bottom: .5rem; }
.steps li {
  padding: .3rem .8rem; border: 1px solid var(--line); border-radius: 1rem; color: var(--dim);
}
.steps [aria-current] {
  border-color: var(--edge, var(--ink)); box-shadow: inset 0 0 0 1px var(--edge, var(--ink));
  color: var(--ink); font-weight: 700;
}
code, pre { font: .9375rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { padding: .1rem .3rem; border-radius: .3rem; background: var(--code); }
.copy { user-select: all; -webkit-user-select: all; }
pre { margin: .5rem 0 0; padding: .75rem; border-radius: .5rem; background: var(--code); white-space: pre-wrap; }
pre code { padding: 0; background: none; }
.lines > li { padding: .5rem 0; border-top: 1px solid var(--line); }
.lines > li:first-child { border-top: 0; }
.lines time { color: var(--dim); font-variant-numeric: tabular-nums; margin-right: .5rem; }
h3 { font-size: 1.1rem; margin: .25rem 0; }
h4 { font-size: 1rem; margin: .75rem 0 .25rem; }
.card .facts, .card details, .card .clock { margin-top: .5rem; }
.line { display: block; }
summary { cursor: pointer; padding: .3rem 0; color: var(--link); }
summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.halted { padding: .9rem 1rem; border-radius: .6rem; background: var(--late); color: var(--on); font-weight: 600; }
time { white-space: nowrap; }
footer { margin-top: 2.5rem; color: var(--dim); font-size: .9375rem; }
`;
