// The weight bar: one segment a colour, a hatched one for the remainder, and a divider after each colour.

import { el } from '../dom.js';
import { nameOf } from './names.js';
import { dividers, withDivider } from './query.js';
import { inkOn } from './space.js';

/** Makes the bar. `on.change(query, done)` while a divider moves and at its end, `on.select(index)` for a click on a segment. */
export function makeWeights(on) {
  const segments = el('div', { class: 'weights-segments' });
  const handles = el('div', { class: 'weights-dividers' });
  const element = el('div', { class: 'weights', role: 'group', 'aria-label': 'Weights' }, segments, handles);
  let query;

  const positionOf = event => {
    const box = element.getBoundingClientRect();
    return (event.clientX - box.left) / box.width;
  };

  handles.addEventListener('pointerdown', event => {
    const at = [...handles.children].indexOf(event.target);
    if (at < 0 || event.button !== 0) return;
    event.preventDefault();
    const handle = event.target;
    handle.focus({ preventScroll: true });
    handle.setPointerCapture(event.pointerId);
    const moved = e => on.change(withDivider(query, at, positionOf(e)), false);
    const end = () => {
      handle.removeEventListener('pointermove', moved);
      handle.removeEventListener('pointerup', end);
      handle.removeEventListener('pointercancel', end);
      on.change(query, true);
    };
    handle.addEventListener('pointermove', moved);
    handle.addEventListener('pointerup', end);
    handle.addEventListener('pointercancel', end);
  });

  handles.addEventListener('keydown', event => {
    const at = [...handles.children].indexOf(event.target), place = dividers(query)[at], step = event.shiftKey ? 0.1 : 0.02;
    const to = { ArrowLeft: place - step, ArrowDown: place - step, ArrowRight: place + step, ArrowUp: place + step, Home: 0, End: 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    on.change(withDivider(query, at, to), true);
  });

  segments.addEventListener('click', event => {
    const at = [...segments.children].indexOf(event.target.closest('.weights-segment'));
    if (at >= 0 && at < query.colors.length) on.select(at);
  });

  function fill(parent, count, make) {
    while (parent.children.length > count) parent.lastChild.remove();
    while (parent.children.length < count) parent.append(make());
  }

  function show(next, chosen) {
    query = next;
    const { colors, rest } = query, places = dividers(query);
    element.classList.toggle('is-empty', colors.length === 0);
    fill(segments, colors.length + 1, () => el('div', { class: 'weights-segment' }));
    fill(handles, colors.length, () => el('span', { class: 'weights-divider', role: 'slider', tabindex: 0, 'aria-valuemin': 0, 'aria-valuemax': 100 }));
    colors.forEach(({ hex, weight }, i) => {
      const segment = segments.children[i], percent = Math.round(weight * 100);
      segment.className = `weights-segment${i === chosen ? ' active' : ''}`;
      segment.style.flex = `${weight} 0 0`;
      segment.style.background = hex;
      segment.style.color = inkOn(hex);
      segment.textContent = weight >= 0.1 ? `${percent}%` : '';
      const handle = handles.children[i], next = colors[i + 1];
      handle.style.left = `${places[i] * 100}%`;
      handle.setAttribute('aria-valuenow', Math.round(places[i] * 100));
      handle.setAttribute('aria-label', `Between ${nameOf(hex)} and ${next ? nameOf(next.hex) : 'anything'}`);
      handle.setAttribute('aria-valuetext', `${nameOf(hex)} ${percent} percent, ${next ? `${nameOf(next.hex)} ${Math.round(next.weight * 100)}` : `anything ${Math.round(rest * 100)}`} percent`);
    });
    const last = segments.lastChild;
    last.className = 'weights-segment weights-rest';
    last.style.flex = `${colors.length ? rest : 1} 0 0`;
    last.style.background = last.style.color = '';
    last.textContent = colors.length === 0 ? 'Any colours' : rest >= 0.36 ? `anything ${Math.round(rest * 100)}%` : rest >= 0.1 ? `${Math.round(rest * 100)}%` : '';
  }

  return { element, show };
}
