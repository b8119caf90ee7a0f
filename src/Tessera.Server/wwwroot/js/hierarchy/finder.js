// The search box of the Hierarchy tab: a combobox whose list shows where each hit lies.

import { latest } from '../api.js';
import { announce, el, icon, icons, plural } from '../dom.js';

/** Makes the box. `on` has search(text, signal) -> hits, choose(hit, text), clear(), labelOf(id). */
export function makeFinder(on) {
  const input = el('input', { class: 'input', type: 'search', role: 'combobox', placeholder: 'Search', autocomplete: 'off', spellcheck: 'false', maxlength: 500,
    'aria-label': 'Search the hierarchy', 'aria-expanded': 'false', 'aria-controls': 'hits', 'aria-autocomplete': 'list' });
  const list = el('ul', { class: 'hits', id: 'hits', role: 'listbox', 'aria-label': 'Hits', hidden: true });
  const element = el('div', { class: 'finder' }, icon(icons.search), input, list);
  let hits = [], active = -1, timer = 0;

  const find = latest((signal, text) => on.search(text, signal));

  function open(on) {
    list.hidden = !on;
    input.setAttribute('aria-expanded', on);
    if (!on) point(-1);
  }

  function point(to) {
    active = to;
    [...list.children].forEach((item, i) => item.setAttribute('aria-selected', i === to));
    if (to >= 0) {
      input.setAttribute('aria-activedescendant', `hit-${to}`);
      list.children[to].scrollIntoView({ block: 'nearest' });
    } else {
      input.removeAttribute('aria-activedescendant');
    }
  }

  async function search() {
    const text = input.value.trim();
    if (!text) {
      open(false);
      on.clear();
      return;
    }
    const answer = await find(text).catch(error => { announce(error.message); });
    if (!answer) return;
    hits = answer.hits;
    list.replaceChildren(...hits.length === 0 ? [el('li', { class: 'muted no-hit' }, 'Nothing found.')] : hits.map((hit, i) => el('li', {
      role: 'option', id: `hit-${i}`, 'aria-selected': 'false', onpointerdown: event => { event.preventDefault(); choose(i); } },
      el('span', { class: 'member-label' }, hit.label), el('span', { class: 'member-place' }, hit.path.slice(1, -1).map(on.labelOf).filter(Boolean).join(' › ') || hit.file || hit.kind))));
    open(true);
    if (hits.length) point(0);
    announce(plural(hits.length, 'hit'));
  }

  function choose(at) {
    const hit = hits[at];
    if (!hit) return;
    open(false);
    on.choose(hit, input.value.trim());
  }

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(search, 120);
  });
  input.addEventListener('blur', () => open(false));
  input.addEventListener('keydown', event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && hits.length) {
      event.preventDefault();
      if (list.hidden) open(true);
      point((active + step + hits.length) % hits.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (active >= 0) choose(active);
      else search();
    } else if (event.key === 'Escape') {
      if (list.hidden) input.value = '';
      open(false);
      on.clear();
    }
  });

  return {
    element,
    get text() { return input.value.trim(); },
    set text(value) { if (document.activeElement !== input) input.value = value; },
  };
}
