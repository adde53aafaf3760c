/** How often a page that somebody looks at asks whether something changed. */
const everyMs = 5_000;

/**
 * The console's only script: it counts down, and keeps the page fresh. It asks for the same
 * address again with the tag of what it shows; only when the tag changed does it replace the
 * content; focus, scroll position and what was unfolded stay. The server's clock counts, not the reader's.
 */
export const liveScript = `
(() => {
  'use strict';
  const live = () => document.getElementById('live');
  const contact = document.getElementById('contact');
  let skewMs = Number(live().dataset.now) - Date.now();
  let freshAt = new Date();
  let isBusy = false;
  let isOver = false;

  const span = (ms) => {
    let rest = Math.floor(ms / 1000);
    const parts = [];
    for (const [unit, size] of [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]]) {
      const count = Math.floor(rest / size);
      rest -= count * size;
      if (count > 0) parts.push(count + ' ' + unit);
    }
    return parts.slice(0, 2).join(' ') || 'under 1 s';
  };

  const tick = () => {
    const now = Date.now() + skewMs;
    for (const element of document.querySelectorAll('[data-at]')) {
      const left = Number(element.dataset.at) - now;
      const text = (left > 0 ? element.dataset.ahead : element.dataset.past)
        .replace('{}', span(Math.abs(left)));
      if (element.textContent !== text) element.textContent = text;
      if (element.dataset.late !== undefined) element.classList.toggle('late', left <= 0);
    }
    for (const bar of document.querySelectorAll('progress[data-end]')) {
      bar.value = Math.min(bar.max, Math.max(0, bar.max - (Number(bar.dataset.end) - now)));
    }
  };

  const show = (fresh) => {
    const held = document.activeElement && document.activeElement.id;
    const opened = [...document.querySelectorAll('details[open][id]')].map(({ id }) => id);
    const next = fresh.getElementById('live');
    if (!next) throw new Error('another page');
    live().replaceWith(document.adoptNode(next));
    for (const id of opened) document.getElementById(id)?.setAttribute('open', '');
    document.title = fresh.title;
    skewMs = Number(next.dataset.now) - Date.now();
    if (held) document.getElementById(held)?.focus({ preventScroll: true });
    tick();
  };

  const refresh = async () => {
    if (document.hidden || isBusy || isOver) return;
    isBusy = true;
    try {
      const answer = await fetch(location.href, {
        headers: { 'if-none-match': '"' + live().dataset.tag + '"' },
        cache: 'no-store',
        signal: AbortSignal.timeout(10000),
      });
      if (answer.status === 403) {
        isOver = true;
        contact.textContent = 'This link has ended: what you see is no longer updated. '
          + 'Open a newer link to this page.';
        return;
      }
      if (answer.status === 200) {
        show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
      } else if (answer.status !== 304) {
        throw new Error('status ' + answer.status);
      }
      freshAt = new Date();
      contact.textContent = '';
    } catch {
      contact.textContent = 'Not updated since ' + freshAt.toLocaleTimeString()
        + '. Trying again; what you see may be old.';
    } finally {
      isBusy = false;
    }
  };

  tick();
  setInterval(tick, 1000);
  setInterval(refresh, ${everyMs});
  document.addEventListener('visibilitychange', refresh);
})();
`;
