// Filters above the grid: the dominant colour's class as chips, the folder as a list, each with its count.

import { el, number } from '../dom.js';

/** Makes the filters; `onChange({ class } or { folder })` is called when one is chosen or taken back. */
export function makeFacets(onChange) {
  const chips = el('div', { class: 'facet-chips', role: 'group', 'aria-label': 'Dominant colour' });
  const folder = el('select', { class: 'input facet-folder', 'aria-label': 'Folder' });
  const element = el('div', { class: 'facets' }, chips, folder);
  const known = new Map();
  let chosen = '';

  folder.addEventListener('change', () => onChange({ folder: folder.value }));
  chips.addEventListener('click', event => {
    const chip = event.target.closest('button');
    if (chip) onChange({ class: chip.dataset.name === chosen ? '' : chip.dataset.name });
  });

  function show(facets, query) {
    chosen = query.class;
    const classes = facets.classes ?? [], folders = facets.folders ?? [];
    const counts = new Map(classes.map(each => [each.name, each.count]));
    for (const { name, hex } of classes) {
      if (known.has(name)) continue;
      const dot = el('span', { class: 'dot' });
      dot.style.background = hex ?? name;
      known.set(name, chips.appendChild(el('button', { class: 'chip', 'data-name': name }, dot, name, el('span', { class: 'count' }))));
    }
    for (const [name, chip] of known) {
      chip.hidden = !counts.get(name) && name !== chosen;
      chip.setAttribute('aria-pressed', name === chosen);
      chip.lastChild.textContent = number(counts.get(name) ?? 0);
    }
    const options = folders.some(({ name }) => name === query.folder) || !query.folder ? folders : [{ name: query.folder, count: 0 }, ...folders];
    folder.hidden = options.length < 2 && !query.folder;
    // An open list is left alone: rebuilding it would close it.
    if (document.activeElement !== folder || folder.value !== query.folder || folder.options.length !== options.length + 1) {
      folder.replaceChildren(el('option', { value: '' }, 'All folders'), ...options.map(({ name, count }) => el('option', { value: name }, `${name || '(top)'} (${number(count)})`)));
      folder.value = query.folder;
    }
  }

  return { element, show };
}
