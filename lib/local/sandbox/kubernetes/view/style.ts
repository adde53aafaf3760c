import { style as consoleStyle } from '../../../../console/style.ts';

/** The console's colours and letters, and what a cluster needs beside them. */
export const style = `${consoleStyle}
body { max-width: 72rem; }
.top { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; }
.workload {
  border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; margin: .8rem 0;
  background: var(--card);
}
.workload header { display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: baseline; }
.workload h2 { font-size: 1.1rem; margin: 0; }
.health { font-weight: 600; }
.health.good { color: #1b6b33; } .health.bad { color: #b3141b; } .health.busy { color: #94500a; }
@media (prefers-color-scheme: dark) {
  .health.good { color: #7fd89a; } .health.bad { color: #ff9a9e; } .health.busy { color: #f0b46a; }
}
.parts { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: .5rem 2rem; }
.parts h3 { font-size: .9375rem; color: var(--dim); margin: .5rem 0 .2rem; }
.parts ul { list-style: none; margin: 0; padding: 0; }
.parts li { overflow-wrap: anywhere; }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .7rem; }
button {
  font: inherit; font-weight: 600; color: inherit; padding: .4rem .8rem; min-height: 2.4rem;
  border: 1px solid var(--line); border-radius: .4rem; background: var(--card); cursor: pointer;
}
button.danger { background: #b3141b; border-color: #b3141b; color: #fff; }
button.primary { background: #1b6b33; border-color: #1b6b33; color: #fff; }
button:focus-visible { outline: 3px solid var(--link); outline-offset: 1px; }
[aria-busy="true"] { opacity: .55; cursor: progress; }
`;
