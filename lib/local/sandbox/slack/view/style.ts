import { style as consoleStyle } from '../../../../console/style.ts';

/** The console's colours and letters, and what a conversation needs beside them. */
export const style = `${consoleStyle}
:root { --app: #5b2a86; --ping: #fdf1c9; --shade: rgb(0 0 0 / .45); --side: #eceef1; }
@media (prefers-color-scheme: dark) {
  :root { --app: #c79bf0; --ping: #4a3d10; --shade: rgb(0 0 0 / .65); --side: #14181c; }
}
body {
  display: flex; flex-direction: column; height: 100dvh; max-width: none; padding: 0;
  font-size: 1rem; overflow: hidden;
}
.top { padding: .6rem 1rem; border-bottom: 1px solid var(--line); align-items: center; }
.top .who { margin-left: auto; display: flex; gap: .4rem; align-items: center; }
#contact { margin: 0; }
.rooms { flex: 1; display: grid; grid-template-columns: 15rem minmax(0, 1fr); min-height: 0; }
.rooms.threaded { grid-template-columns: 15rem minmax(0, 1fr) minmax(18rem, 26rem); }
#channels {
  background: var(--side); padding: .75rem .5rem; overflow-y: auto;
  border-right: 1px solid var(--line);
}
#channels h2 { font-size: .9375rem; color: var(--dim); padding: 0 .5rem .35rem; }
#channels a {
  display: block; padding: .35rem .5rem; border-radius: .4rem; color: inherit;
  text-decoration: none;
}
#channels a[aria-current] { background: var(--link); color: var(--on); }
#channels a.unread { font-weight: 700; }
#channels a.archived { color: var(--dim); }
#channels a[aria-current].archived { color: var(--on); }
.room { display: flex; flex-direction: column; min-height: 0; min-width: 0; }
.thread { border-left: 1px solid var(--line); }
.roomhead { padding: .5rem 1rem; border-bottom: 1px solid var(--line); }
.roomhead h1 { font-size: 1.1rem; margin: 0; }
.thread .roomhead { display: flex; justify-content: space-between; align-items: baseline; }
.stream { flex: 1; overflow-y: auto; padding: .5rem 0; overscroll-behavior: contain; }
.stream > .empty { padding: 1rem; }
.message { display: flex; gap: .65rem; padding: .45rem 1rem; position: relative; }
.message:hover { background: var(--side); }
.message:target { box-shadow: inset 3px 0 0 var(--link); }
.whisper { background: var(--side); border-left: 3px solid var(--dim); }
.notice { padding: .25rem 1rem .25rem 4rem; color: var(--dim); font-size: .9375rem; }
.face {
  flex: none; width: 2.25rem; height: 2.25rem; border-radius: .45rem; display: grid;
  place-items: center;
  font-weight: 700; color: #fff; background: #5d6b7a;
}
.face.app { background: #b3141b; }
.tint0 { background: #1f5a99; } .tint1 { background: #1b6b33; } .tint2 { background: #94500a; }
.tint3 { background: #6a3d9a; } .tint4 { background: #0b6670; } .tint5 { background: #a03060; }
.content { flex: 1; min-width: 0; }
.author { display: flex; flex-wrap: wrap; gap: .1rem .5rem; align-items: baseline; }
.badge {
  font-size: .75rem; padding: 0 .3rem; border-radius: .25rem; background: var(--line);
  color: var(--ink);
}
.text { white-space: pre-wrap; }
.text time { white-space: normal; }
.text pre { white-space: pre-wrap; }
.text blockquote { margin: .15rem 0; padding-left: .7rem; border-left: .25rem solid var(--line); }
.mention { background: var(--code); border-radius: .25rem; padding: 0 .2rem; color: var(--link); }
.mention.me { background: var(--ping); }
.blocks { display: grid; gap: .5rem; margin-top: .15rem; max-width: 42rem; }
.heading { font-size: 1.15rem; line-height: 1.3; }
.section { display: flex; gap: .75rem; align-items: flex-start; }
.section .body { flex: 1; min-width: 0; }
.fields {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr));
  gap: .35rem 1rem; margin-top: .3rem;
}
.context {
  color: var(--dim); font-size: .9375rem; display: flex; flex-wrap: wrap; gap: .1rem .6rem;
}
.actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
hr { width: 100%; border: 0; border-top: 1px solid var(--line); margin: .25rem 0; }
.picture {
  border: 1px dashed var(--line); border-radius: .4rem; padding: .1rem .5rem; color: var(--dim);
}
button, select, input, textarea { font: inherit; color: inherit; }
.button, select, input, textarea {
  padding: .4rem .8rem; border: 1px solid var(--line); border-radius: .4rem;
  background: var(--card);
  min-height: 2.4rem; max-width: 100%;
}
.button {
  font-weight: 600; cursor: pointer; text-decoration: none; display: inline-flex;
  align-items: center; color: inherit;
}
.button.primary { background: #1b6b33; border-color: #1b6b33; color: #fff; }
.button.danger { background: #b3141b; border-color: #b3141b; color: #fff; }
button:focus-visible, select:focus-visible, input:focus-visible, textarea:focus-visible,
summary:focus-visible {
  outline: 3px solid var(--link); outline-offset: 1px;
}
[aria-busy="true"] { opacity: .55; cursor: progress; }
.plain {
  border: 0; background: none; padding: .2rem 0; color: var(--link); text-decoration: underline;
  cursor: pointer;
}
.replies { font-weight: 600; }
.menu { position: relative; }
.menu > summary { list-style: none; cursor: pointer; user-select: none; }
.menu > summary::-webkit-details-marker { display: none; }
.menu .items {
  position: absolute; z-index: 3; right: 0; min-width: 12rem; padding: .3rem; display: grid;
  background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  box-shadow: 0 .4rem 1.2rem var(--shade);
}
.actions .menu .items { right: auto; left: 0; }
.menu .items > * {
  border: 0; background: none; text-align: left; padding: .5rem .6rem; border-radius: .35rem;
  cursor: pointer;
  color: inherit; text-decoration: none;
}
.menu .items > *:hover { background: var(--side); }
.corner { align-self: flex-start; color: var(--dim); }
.corner > summary { padding: 0 .5rem; }
.composer {
  display: flex; gap: .5rem; padding: .6rem 1rem calc(.6rem + env(safe-area-inset-bottom));
  border-top: 1px solid var(--line); align-items: center;
}
.composer input { flex: 1; min-width: 0; }
.composer .menu .items { bottom: 100%; left: 0; right: auto; }
.shade {
  position: fixed; inset: 0; z-index: 5; background: var(--shade); display: grid;
  place-items: center; padding: 1rem;
}
.form {
  background: var(--card); border-radius: .7rem; padding: 1.1rem; width: min(34rem, 100%);
  max-height: 100%; overflow-y: auto; display: grid; gap: .9rem;
}
.form h2 { font-size: 1.2rem; }
.form .label { display: block; font-weight: 600; margin-bottom: .25rem; }
.form .input input:not([type="checkbox"], [type="radio"]), .form .input select, .form textarea {
  width: 100%;
}
.form fieldset { border: 0; margin: 0; padding: 0; }
.choices { display: grid; gap: .15rem; }
.choices label { display: flex; gap: .5rem; align-items: center; min-height: 2.2rem; }
.choices input { min-height: 0; width: 1.15rem; height: 1.15rem; }
.ends { display: flex; justify-content: flex-end; gap: .5rem; }
@media (max-width: 48rem) {
  .rooms, .rooms.threaded {
    grid-template-columns: minmax(0, 1fr); grid-template-rows: auto minmax(0, 1fr);
  }
  .top { padding: .4rem .75rem; }
  .top .tenant { display: none; }
  #channels {
    display: flex; gap: .3rem; padding: .35rem .5rem; overflow-x: auto; border-right: 0;
    border-bottom: 1px solid var(--line);
  }
  #channels h2 { display: none; }
  #channels a { white-space: nowrap; border: 1px solid var(--line); background: var(--card); }
  .rooms.threaded .channel { display: none; }
  .thread { border-left: 0; }
  .roomhead { padding: .35rem .75rem; }
  .message { padding: .45rem .75rem; gap: .5rem; }
  .notice { padding-left: 3.5rem; }
  .section { flex-wrap: wrap; }
  .composer { padding: .5rem .75rem calc(.5rem + env(safe-area-inset-bottom)); }
}
`;
