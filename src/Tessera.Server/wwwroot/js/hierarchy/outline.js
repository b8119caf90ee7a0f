// The same tree for keyboards and screen readers: an ARIA tree over the canvas. It holds what the canvas shows of the zoomed
// node, marks one item, and the canvas draws the ring.

import { el, number } from '../dom.js';

const levels = 2;

/** Makes the tree. `on` has mark(node), open(node) for Enter, up() for Escape and Backspace. */
export function makeOutline(on) {
  const element = el('ul', { class: 'outline', role: 'tree', tabindex: 0, 'aria-label': 'Hierarchy: arrows move, Enter zooms in, Escape zooms out' });
  let top = null, active = null;

  const itemId = node => `item-${node.id}`;

  function item(node, depth) {
    const shown = depth < levels && node.children.length > 0, [...siblings] = node.parent && node !== top ? node.parent.children : [node];
    return el('li', {
      id: itemId(node), role: 'treeitem', 'aria-level': depth + 1, 'aria-setsize': siblings.length, 'aria-posinset': siblings.indexOf(node) + 1,
      'aria-expanded': node.childCount > 0 ? String(shown) : undefined, 'aria-selected': String(node === active),
      'aria-label': `${node.label}${node.size > 1 ? `, ${number(node.size)}` : ''}`,
    }, shown && el('ul', { role: 'group' }, node.children.slice(0, 200).map(child => item(child, depth + 1))));
  }

  function show(node) {
    top = node;
    element.replaceChildren(item(node, 0));
    if (!active || !element.querySelector(`#${CSS.escape(itemId(active))}`)) active = null;
    point();
  }

  function point() {
    for (const selected of element.querySelectorAll('[aria-selected="true"]')) selected.setAttribute('aria-selected', 'false');
    // A node deeper than the list holds is added to it as a plain item, or readers would hear nothing.
    if (active && !element.querySelector(`#${CSS.escape(itemId(active))}`)) element.append(item(active, levels));
    const shown = active && element.querySelector(`#${CSS.escape(itemId(active))}`);
    shown?.setAttribute('aria-selected', 'true');
    if (shown) element.setAttribute('aria-activedescendant', shown.id);
    else element.removeAttribute('aria-activedescendant');
  }

  function mark(node) {
    active = node;
    point();
    on.mark(node);
  }

  element.addEventListener('focus', () => { if (!active && top) mark(top); });
  element.addEventListener('keydown', event => {
    if (!top || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = active ?? top, siblings = at === top ? [top] : at.parent.children, place = siblings.indexOf(at);
    const to = {
      ArrowDown: () => siblings[place + 1], ArrowUp: () => siblings[place - 1], Home: () => siblings[0], End: () => siblings.at(-1),
      ArrowRight: () => at.children[0], ArrowLeft: () => (at === top ? null : at.parent),
    }[event.key];
    if (to) {
      const next = to();
      if (next) mark(next);
      else if (event.key === 'ArrowLeft' && at === top) on.up();
    } else if (event.key === 'Enter' || event.key === ' ') {
      on.open(at);
    } else if (event.key === 'Escape' || event.key === 'Backspace') {
      on.up();
    } else {
      return;
    }
    event.preventDefault();
  });

  return { element, show, mark, get active() { return active; } };
}
