// The chosen and the excluded colours as rows: swatch, text, weight, and what can be done with each.

import { el, icon, icons } from '../dom.js';
import { nameOf, parseColor } from './names.js';
import { most } from './query.js';

/** Makes the rows. `on` has select(index), change(index, hex), remove(index), exclude(index), allow(index), add(text). */
export function makeChosen(on) {
  const rows = el('ul', { class: 'chosen', 'aria-label': 'Chosen colours' });
  const banned = el('ul', { class: 'chosen banned', 'aria-label': 'Excluded colours' });
  const options = el('datalist', { id: 'color-names' });
  const input = el('input', { class: 'input', id: 'color-text', list: 'color-names', placeholder: 'teal or #f80', autocomplete: 'off', spellcheck: 'false', 'aria-label': 'Add a colour by name or hex' });
  const add = el('form', { class: 'add-color' }, input, el('button', { class: 'button', 'aria-label': 'Add colour' }, icon(icons.plus), 'Add'), options);
  const error = el('p', { class: 'field-error', role: 'alert', hidden: true });
  const element = el('div', { class: 'chosen-box' }, rows, add, error, el('div', { class: 'banned-box', hidden: true }, el('h3', {}, 'Without'), banned, el('p', { class: 'muted' })));

  add.addEventListener('submit', event => {
    event.preventDefault();
    const words = input.value.split(/[,;]/).map(word => word.trim()).filter(Boolean);
    const wrong = words.find(word => !parseColor(word.split(':')[0]));
    error.hidden = !wrong && words.length > 0;
    error.textContent = wrong ? `“${wrong}” is no colour: give a CSS name, or 3 or 6 hex digits.` : 'Give a name or hex digits.';
    if (!error.hidden) return;
    input.value = '';
    on.add(words.map(word => parseColor(word.split(':')[0])));
  });

  function row() {
    const swatch = el('button', { class: 'swatch' });
    const text = el('input', { class: 'row-text', spellcheck: 'false', autocomplete: 'off' });
    const weight = el('span', { class: 'row-weight' });
    const ban = el('button', { class: 'icon-button', title: 'Exclude this colour' }, icon(icons.ban));
    const remove = el('button', { class: 'icon-button', title: 'Remove' }, icon(icons.close));
    const item = el('li', {}, swatch, text, weight, ban, remove);
    const at = () => [...rows.children].indexOf(item);
    swatch.addEventListener('click', () => on.select(at()));
    text.addEventListener('focus', () => on.select(at()));
    text.addEventListener('change', () => {
      const hex = parseColor(text.value);
      if (hex) on.change(at(), hex);
      else text.value = text.dataset.shown;
    });
    ban.addEventListener('click', () => on.exclude(at()));
    remove.addEventListener('click', () => on.remove(at()));
    return item;
  }

  function fill(parent, count, make) {
    while (parent.children.length > count) parent.lastChild.remove();
    while (parent.children.length < count) parent.append(make());
  }

  function show(query, chosen) {
    fill(rows, query.colors.length, row);
    query.colors.forEach(({ hex, weight }, i) => {
      const [swatch, text, share, ban, remove] = rows.children[i].children, name = nameOf(hex);
      rows.children[i].classList.toggle('active', i === chosen);
      swatch.style.background = hex;
      swatch.setAttribute('aria-label', `Change ${name} on the wheel`);
      swatch.setAttribute('aria-pressed', i === chosen);
      text.setAttribute('aria-label', `Colour ${i + 1}, ${name}`);
      if (document.activeElement !== text || text.value === text.dataset.shown) text.value = hex;
      text.dataset.shown = hex;
      share.textContent = `${Math.round(weight * 100)}%`;
      ban.setAttribute('aria-label', `Exclude ${name}`);
      remove.setAttribute('aria-label', `Remove ${name}`);
    });
    banned.replaceChildren(...query.exclude.map((hex, i) => el('li', {},
      el('span', { class: 'swatch', style: { background: hex } }), el('span', { class: 'row-text' }, nameOf(hex)), el('span', {}),
      el('button', { class: 'icon-button', 'aria-label': `Allow ${nameOf(hex)} again`, onclick: () => on.allow(i) }, icon(icons.close)))));
    banned.parentElement.hidden = query.exclude.length === 0;
    banned.nextElementSibling.textContent = query.colors.length === 0 ? 'Counts as soon as a colour is chosen.' : '';
    const full = query.colors.length >= most;
    input.disabled = full;
    input.placeholder = full ? 'Five at most' : 'teal or #f80';
    add.querySelector('button').disabled = full;
  }

  const suggest = names => options.replaceChildren(...names.map(({ name }) => el('option', { value: name })));

  return { element, show, suggest };
}
