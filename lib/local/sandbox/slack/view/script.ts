/** How often a view that somebody looks at asks whether something changed. */
const everyMs = 1_500;

/**
 * The view's only script. What is clicked, chosen or typed is posted, and the parts of the page
 * that changed since are put in: what a person types or has open in the others stays.
 */
export const script = `
(() => {
  'use strict';
  const { base, workspace, as, channel, thread } = document.body.dataset;
  const contact = document.getElementById('contact');
  const regions = () => document.querySelectorAll('[data-region]');
  const drawn = new Map();
  let tag = document.body.dataset.tag;
  let isAsking = false;

  const relative = (atMs) => {
    const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
    const s = Math.round((atMs - Date.now()) / 1000);
    for (const [unit, size] of [['day', 86400], ['hour', 3600], ['minute', 60]]) {
      if (Math.abs(s) >= size) return words.format(Math.trunc(s / size), unit);
    }
    return words.format(s, 'second');
  };
  const formats = {
    date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
    date: { year: 'numeric', month: 'long', day: 'numeric' },
    date_short: { year: 'numeric', month: 'short', day: 'numeric' },
    date_long: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
    time: { hour: '2-digit', minute: '2-digit' },
    time_secs: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  };
  const daysFromNow = (atMs) => {
    const midnight = (at) => new Date(at).setHours(0, 0, 0, 0);
    return Math.round((midnight(atMs) - midnight(Date.now())) / 86400000);
  };
  const spoken = (atMs, format) => format.replace(/\\{([a-z_]+)\\}/g, (all, name) => {
    if (name === 'ago') return relative(atMs);
    const days = name.endsWith('_pretty') ? daysFromNow(atMs) : 2;
    if (Math.abs(days) < 2) return ['yesterday', 'today', 'tomorrow'][days + 1];
    const known = formats[name.replace('_pretty', '')];
    return known ? new Intl.DateTimeFormat(undefined, known).format(atMs) : all;
  });
  const tick = () => {
    for (const element of document.querySelectorAll('time[data-date]')) {
      const text = spoken(Number(element.dataset.date), element.dataset.format);
      if (element.textContent !== text) element.textContent = text;
    }
  };

  const seen = () => {
    for (const link of document.querySelectorAll('#channels a[data-channel]')) {
      const key = 'tocsin-seen ' + workspace + ' ' + link.dataset.channel;
      const isOpen = link.dataset.channel === channel;
      if (isOpen) localStorage.setItem(key, link.dataset.last);
      const isUnread = Number(link.dataset.last) > Number(localStorage.getItem(key));
      link.classList.toggle('unread', isUnread);
    }
  };
  const toEnd = (stream) => { stream.scrollTop = stream.scrollHeight; };
  const isAtEnd = (stream) => stream.scrollHeight - stream.scrollTop - stream.clientHeight < 60;

  const fieldsOf = (form) => [...form.querySelectorAll('[data-act="fill"], [data-act="choose"]')];
  const isBox = ({ type }) => type === 'checkbox' || type === 'radio';
  const chosenIn = (field) => {
    if (isBox(field)) return field.checked ? [field.value] : [];
    if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
    return [field.value];
  };
  const filledIn = (form) => {
    const filled = {};
    for (const field of fieldsOf(form)) {
      const actions = (filled[field.dataset.block] ??= {});
      (actions[field.dataset.action] ??= []).push(...chosenIn(field));
    }
    return filled;
  };
  const refill = (form, filled) => {
    for (const field of fieldsOf(form)) {
      const values = filled[field.dataset.block]?.[field.dataset.action];
      if (!values) continue;
      if (isBox(field)) field.checked = values.includes(field.value);
      else if (!field.multiple) field.value = values[0] ?? '';
      for (const option of field.multiple ? field.options : []) {
        option.selected = values.includes(option.value);
      }
    }
  };

  const put = (region, fresh) => {
    const html = fresh.innerHTML;
    if (drawn.get(region.id) === html) return;
    drawn.set(region.id, html);
    const stays = isAtEnd(region);
    const top = region.scrollTop;
    const form = region.querySelector('form[data-view]');
    const filled = form ? filledIn(form) : {};
    const hadView = form ? form.dataset.view : '';
    region.replaceChildren(...document.adoptNode(fresh).childNodes);
    const next = region.querySelector('form[data-view]');
    if (next && next.dataset.view === hadView) refill(next, filled);
    else if (next) next.querySelector('input, select, textarea, button')?.focus();
    if (region.classList.contains('stream')) {
      if (stays) toEnd(region);
      else region.scrollTop = top;
    }
  };

  const refresh = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      const answer = await fetch(location.href, {
        headers: { 'if-none-match': '"' + tag + '"' },
        cache: 'no-store',
        signal: AbortSignal.timeout(10000),
      });
      if (answer.status === 200) {
        const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
        for (const region of regions()) {
          if (region.querySelector('details[open]')) continue;
          const next = fresh.getElementById(region.id);
          if (next) put(region, next);
        }
        if (!document.querySelector('details[open]')) tag = fresh.body.dataset.tag;
        tick();
        seen();
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

  const act = async (what, fields, element) => {
    element?.setAttribute('aria-busy', 'true');
    contact.textContent = '';
    let isDone = false;
    try {
      const answer = await fetch(base + '/people/' + what, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ workspace, as, channel, ...fields }),
      });
      isDone = answer.ok;
      if (!isDone) {
        contact.dataset.kind = 'refused';
        contact.textContent = (await answer.json()).message;
      }
    } catch {
      contact.dataset.kind = 'lost';
      contact.textContent = 'No contact with the sandbox; nothing was sent.';
    }
    element?.removeAttribute('aria-busy');
    await refresh();
    return isDone;
  };

  const use = (element, chosen) => {
    const { ts, block, action } = element.dataset;
    const form = element.closest('form[data-view]');
    const where = form ? { view_id: form.dataset.view, values: filledIn(form) } : { ts };
    return act('click', { ...where, block_id: block, action_id: action, chosen }, element);
  };
  const isConfirmed = ({ dataset }) => !dataset.confirm || confirm(dataset.confirm);

  const onClick = {
    click: (element) => isConfirmed(element) && use(element, [element.dataset.value ?? '']),
    shortcut: (element) => act('shortcut',
      { callback_id: element.dataset.callback, ts: element.dataset.ts ?? '' }, element),
    dismiss: (element) => act('dismiss', { ts: element.dataset.ts }, element),
    'close-form': (element) => act('close',
      { view_id: element.closest('form').dataset.view }, element),
  };
  document.addEventListener('click', (event) => {
    const summary = event.target.closest('summary');
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (menu !== summary?.parentElement) menu.open = false;
    }
    const element = event.target.closest('[data-act]');
    if (!element || element.getAttribute('aria-busy') === 'true') return;
    onClick[element.dataset.act]?.(element);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const close = document.querySelector('#form [data-act="close-form"]');
    if (close) close.click();
  });
  document.addEventListener('change', (event) => {
    const element = event.target;
    if (element.id === 'as') element.form.submit();
    if (element.dataset.act !== 'choose' || !isConfirmed(element)) return;
    use(element, chosenIn(element));
  });
  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (form.method === 'get' && !form.matches('.composer, #form')) return;
    event.preventDefault();
    const button = form.querySelector('[type="submit"]');
    if (button?.getAttribute('aria-busy') === 'true') return;
    if (form.id === 'form') {
      await act('submit', { view_id: form.dataset.view, values: filledIn(form) }, button);
      return;
    }
    const field = form.querySelector('input');
    const text = field.value;
    if (text.trim() === '') return;
    const isCommand = text.startsWith('/') && !form.dataset.thread;
    const what = isCommand ? 'command' : 'message';
    field.value = '';
    const isDone = await act(what, { text, thread_ts: form.dataset.thread ?? '' }, button);
    if (!isDone && field.value === '') field.value = text;
    for (const stream of form.parentElement.querySelectorAll('.stream')) toEnd(stream);
  });

  for (const region of regions()) drawn.set(region.id, region.innerHTML);
  for (const stream of document.querySelectorAll('.stream')) toEnd(stream);
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  tick();
  seen();
  setInterval(tick, 1000);
  setInterval(() => { if (!document.hidden) refresh(); }, ${everyMs});
  document.addEventListener('visibilitychange', refresh);
})();
`;
