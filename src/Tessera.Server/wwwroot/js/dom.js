// Small helpers for building and announcing; nothing here knows what the page is about.

const svgNames = new Set(['svg', 'path', 'circle', 'rect', 'line', 'g']);

/** Makes an element: `el('button', { class: 'x', onclick: f }, 'text', child)`. Values of undefined, null and false are left out. */
export function el(name, attributes = {}, ...children) {
  const element = svgNames.has(name) ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'style') for (const [property, to] of Object.entries(value)) element.style.setProperty(property, to);
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat().filter(child => child !== undefined && child !== null && child !== false));
  return element;
}

/** An icon of one path on a 20 x 20 grid. */
export function icon(path) {
  return el('svg', { viewBox: '0 0 20 20', width: 16, height: 16, 'aria-hidden': 'true', fill: 'none', stroke: 'currentColor', 'stroke-width': 1.75, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' }, el('path', { d: path }));
}

export const icons = {
  close: 'M5 5l10 10M15 5L5 15',
  plus: 'M10 4v12M4 10h12',
  ban: 'M10 2.8a7.2 7.2 0 1 0 0 14.4a7.2 7.2 0 0 0 0-14.4zM5 5l10 10',
  image: 'M3 4h14v12H3zM3 13l4-4 4 4 2-2 4 4M13 7.5h.01',
  play: 'M6 3.8v12.4l10-6.2z',
  pause: 'M7 4v12M13 4v12',
  down: 'M10 3v10M6 9.5l4 4 4-4M4 17h12',
  search: 'M9 3.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11zM13.2 13.2L17 17',
  dice: 'M4 4h12v12H4zM7.5 7.5h.01M12.5 12.5h.01M10 10h.01',
  chevron: 'M8 5l5 5-5 5',
  back: 'M12 5l-5 5 5 5',
};

/** Says something to screen readers, once. */
export function announce(text) {
  const live = document.getElementById('live');
  if (live.textContent !== text) live.textContent = text;
}

let noticeTimer;

/** Shows a failure for a while; it is an alert, so it is read out too. */
export function notice(text) {
  const box = document.getElementById('notice');
  box.textContent = text;
  box.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { box.hidden = true; }, 8000);
}

export const number = value => value.toLocaleString('en');

export const plural = (count, word) => `${number(count)} ${word}${count === 1 ? '' : 's'}`;

export const motionReduced = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The value of a custom property as the theme has it now; canvases paint with it. */
export const themeColor = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Calls `changed` whenever the theme changes, by the switch or by the system. */
export function onThemeChange(changed) {
  addEventListener('themechange', changed);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
}

/** Sizes a canvas to its box in device pixels; returns its context in CSS pixels, or null while it is not shown. */
export function fitCanvas(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas, ratio = devicePixelRatio || 1;
  if (!width || !height) return null;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
