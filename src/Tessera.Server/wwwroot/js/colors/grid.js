// The justified grid: rows of equal height, each as wide as the page. Tiles are kept by image, so that a changed weight moves
// what is there instead of building it anew, and boxes have their size before their picture, so that nothing jumps.

import { el, motionReduced } from '../dom.js';
import { showImage } from '../api.js';
import { nameOf } from './names.js';

const gap = 6;

/** Rows of a justified layout: [{ x, y, width, height }] for each aspect ratio, and the whole height. */
export function justify(ratios, width, target) {
  const boxes = [];
  let y = 0, first = 0, sum = 0;
  const row = (end, height) => {
    let x = 0;
    for (let i = first; i < end; i++) {
      const wide = ratios[i] * height;
      boxes.push({ x, y, width: wide, height });
      x += wide + gap;
    }
    y += height + gap;
    first = end;
    sum = 0;
  };
  ratios.forEach((ratio, i) => {
    sum += ratio;
    const height = (width - gap * (i - first)) / sum;
    if (height <= target) row(i + 1, height);
  });
  // The last row keeps the usual height, and stays short of the edge.
  if (first < ratios.length) row(ratios.length, Math.min(target, (width - gap * (ratios.length - first - 1)) / sum));
  return { boxes, height: Math.max(0, y - gap) };
}

/** Makes the grid; `onOpen(id)` is called for a click or Enter. */
export function makeGrid(onOpen) {
  const element = el('ul', { class: 'grid', 'aria-label': 'Images' });
  const tiles = new Map();
  let results = [], boxes = [], selected = '', width = 0;

  function make(result) {
    const image = el('img', { alt: '', loading: 'lazy', decoding: 'async', draggable: 'false' });
    const tile = el('li', { class: 'tile' }, el('button', { tabindex: -1 }, image, el('span', { class: 'tile-name', 'aria-hidden': 'true' }, result.path.split('/').at(-1))));
    tile.dataset.id = result.id;
    const hex = result.palette?.[0]?.hex;
    if (hex) tile.style.background = hex;
    tile.firstChild.setAttribute('aria-label', hex ? `${result.path}, mostly ${nameOf(hex)}` : result.path);
    image.addEventListener('load', () => tile.classList.add('loaded'), { once: true });
    image.addEventListener('error', () => tile.classList.add('failed'), { once: true });
    showImage(image, `/api/colors/images/${encodeURIComponent(result.id)}/thumbnail?size=320`);
    return tile;
  }

  function layout() {
    width = element.clientWidth;
    if (!width) return;
    const target = width < 480 ? 118 : width < 900 ? 160 : 196;
    // Panoramas and pillars would tear rows apart; they are cropped to something moderate.
    const laid = justify(results.map(({ width: w, height: h }) => Math.min(2.6, Math.max(0.5, w / h || 1))), width, target);
    boxes = laid.boxes;
    element.style.height = `${laid.height}px`;
    results.forEach(({ id }, i) => {
      const { style } = tiles.get(id), box = boxes[i];
      style.width = `${box.width}px`;
      style.height = `${box.height}px`;
      style.translate = `${box.x}px ${box.y}px`;
    });
  }

  /** Shows results in their order. */
  function show(next) {
    const focused = element.contains(document.activeElement) ? document.activeElement.parentElement.dataset.id : null;
    const keep = new Set(next.map(({ id }) => id)), fresh = [];
    for (const [id, tile] of tiles) {
      if (keep.has(id)) continue;
      tile.remove();
      tiles.delete(id);
    }
    results = next;
    let before = null;
    for (const result of results) {
      let tile = tiles.get(result.id);
      if (!tile) {
        tile = make(result);
        tiles.set(result.id, tile);
        fresh.push(tile);
      }
      // Readers and the Tab key follow the order of the document; a tile in its place is not touched.
      const place = before ? before.nextSibling : element.firstChild;
      if (place !== tile) element.insertBefore(tile, place);
      before = tile;
    }
    if (!motionReduced()) for (const tile of fresh) tile.classList.add('fresh');
    layout();
    rove(keep.has(focused) ? focused : results[0]?.id, focused !== null);
  }

  // One tile is in the Tab order; arrows go on from there.
  function rove(id, focus) {
    for (const tile of tiles.values()) tile.firstChild.tabIndex = tile.dataset.id === id ? 0 : -1;
    if (focus) tiles.get(id)?.firstChild.focus();
  }

  function select(id) {
    tiles.get(selected)?.classList.remove('selected');
    selected = id;
    tiles.get(id)?.classList.add('selected');
  }

  function neighbour(at, key) {
    if (key === 'ArrowRight') return at + 1;
    if (key === 'ArrowLeft') return at - 1;
    if (key === 'Home') return 0;
    if (key === 'End') return results.length - 1;
    const down = key === 'ArrowDown', from = boxes[at], middle = from.x + from.width / 2;
    let best = -1, bestGap = Infinity, row = null;
    for (let i = at; i >= 0 && i < boxes.length; i += down ? 1 : -1) {
      const box = boxes[i];
      if (box.y === from.y) continue;
      row ??= box.y;
      if (box.y !== row) break;
      const distance = Math.abs(box.x + box.width / 2 - middle);
      if (distance < bestGap) [best, bestGap] = [i, distance];
    }
    return best;
  }

  element.addEventListener('click', event => {
    const tile = event.target.closest('.tile');
    if (tile) onOpen(tile.dataset.id);
  });
  element.addEventListener('keydown', event => {
    if (!['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown', 'Home', 'End'].includes(event.key)) return;
    const at = results.findIndex(({ id }) => id === event.target.parentElement.dataset.id);
    if (at < 0) return;
    event.preventDefault();
    const to = neighbour(at, event.key);
    if (to >= 0 && to < results.length) rove(results[to].id, true);
  });
  new ResizeObserver(() => { if (element.clientWidth !== width) layout(); }).observe(element);

  return { element, show, select, focus: id => rove(id, true), find: id => results.find(result => result.id === id) };
}
