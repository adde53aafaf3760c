/** How often a view that somebody looks at asks whether something changed. */
const everyMs = 1_500;

/** The view's only script: it posts what is clicked, and puts in what changed since. */
export const script = `
(() => {
  'use strict';
  const { base } = document.body.dataset;
  const contact = document.getElementById('contact');
  let tag = document.body.dataset.tag;
  let isAsking = false;

  const refresh = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      const answer = await fetch(location.href, {
        headers: { 'if-none-match': tag },
        cache: 'no-store',
        signal: AbortSignal.timeout(10000),
      });
      if (answer.status === 200) {
        const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
        const focus = document.activeElement?.id;
        document.getElementById('cluster').replaceWith(fresh.getElementById('cluster'));
        if (focus) document.getElementById(focus)?.focus();
        tag = fresh.body.dataset.tag;
      } else if (answer.status !== 304) {
        throw new Error('status ' + answer.status);
      }
      if (contact.dataset.kind === 'lost') contact.textContent = '';
    } catch {
      contact.dataset.kind = 'lost';
      contact.textContent = 'No contact with the sandbox. Trying again.';
    } finally {
      isAsking = false;
    }
  };

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('button[data-act]');
    if (!button || button.getAttribute('aria-busy') === 'true') return;
    button.setAttribute('aria-busy', 'true');
    const { act, namespace, name, how } = button.dataset;
    try {
      const answer = await fetch(base + '/' + act, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ namespace, name, how }),
      });
      contact.dataset.kind = answer.ok ? '' : 'refused';
      const said = await answer.json();
      contact.textContent = answer.ok ? (said.image ? 'Deployed ' + said.image + '.' : '') : said.message;
    } catch {
      contact.dataset.kind = 'lost';
      contact.textContent = 'No contact with the sandbox; nothing was sent.';
    }
    button.removeAttribute('aria-busy');
    await refresh();
  });
  setInterval(() => { if (!document.hidden) refresh(); }, ${String(everyMs)});
  document.addEventListener('visibilitychange', refresh);
})();
`;
