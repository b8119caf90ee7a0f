// The wheel: hue around, saturation outwards, at the lightness of the slider. Each chosen colour has a handle on it.

import { el } from '../dom.js';
import { nameOf } from './names.js';
import { bytesOf, hexOfWheel, maxChroma, wheelOf } from './space.js';

const size = 256;
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/**
 * Makes the wheel. `on.change(index, hex, done)` is called while a handle moves and at its end, `on.add(hex)` for a place
 * without a handle while nothing is chosen, `on.select(index)` when a handle is taken.
 */
export function makeWheel(on) {
  const canvas = el('canvas', { class: 'wheel-disc', width: size, height: size, 'aria-hidden': 'true' });
  const handles = el('div', { class: 'wheel-handles' });
  const disc = el('div', { class: 'wheel' }, canvas, handles);
  const slider = el('input', { type: 'range', min: 3, max: 98, step: 1, value: 70, 'aria-label': 'Lightness', class: 'wheel-lightness' });
  const element = el('div', { class: 'wheel-box' }, disc, slider);

  let places = [], active = -1, painted = -1, lightness = 0.7, frame = 0;

  function paint() {
    frame = 0;
    if (Math.abs(painted - lightness) < 0.004) return;
    painted = lightness;
    const context = canvas.getContext('2d'), image = context.createImageData(size, size), pixels = new Uint32Array(image.data.buffer);
    // The gamut's edge for each half degree, so that the inner loop only looks up.
    const edge = Float32Array.from({ length: 721 }, (_, i) => maxChroma(lightness, i * Math.PI / 360));
    const middle = (size - 1) / 2, radius = size / 2;
    for (let y = 0, at = 0; y < size; y++) {
      for (let x = 0; x < size; x++, at++) {
        const dx = (x - middle) / radius, dy = (middle - y) / radius, saturation = Math.min(1, Math.hypot(dx, dy));
        const angle = Math.atan2(dy, dx), chroma = edge[Math.round((angle < 0 ? angle + 2 * Math.PI : angle) * 360 / Math.PI)];
        const length = Math.hypot(dx, dy) || 1, reach = chroma * saturation / length;
        const [r, g, b] = bytesOf(lightness, dx * reach, dy * reach);
        pixels[at] = 0xff000000 | (b << 16) | (g << 8) | r;
      }
    }
    context.putImageData(image, 0, 0);
    const stops = [0.03, 0.2, 0.4, 0.6, 0.8, 0.98].map(l => hexOfWheel({ ...(places[active] ?? { hue: 0, saturation: 0 }), lightness: l }));
    slider.style.setProperty('--track', `linear-gradient(to right, ${stops.join(', ')})`);
  }

  const repaint = () => { frame ||= requestAnimationFrame(paint); };

  function at(event) {
    const box = disc.getBoundingClientRect();
    const dx = (event.clientX - box.left) / box.width * 2 - 1, dy = 1 - (event.clientY - box.top) / box.height * 2;
    return { lightness, hue: (Math.atan2(dy, dx) * 180 / Math.PI + 360) % 360, saturation: Math.min(1, Math.hypot(dx, dy)) };
  }

  function move(place, done) {
    places[active] = place;
    on.change(active, hexOfWheel(place), done);
  }

  function follow(event) {
    disc.setPointerCapture(event.pointerId);
    const moved = e => move(at(e), false);
    disc.addEventListener('pointermove', moved);
    const end = e => {
      disc.removeEventListener('pointermove', moved);
      disc.removeEventListener('pointerup', end);
      disc.removeEventListener('pointercancel', end);
      if (e.type === 'pointerup') move(at(e), true);
    };
    disc.addEventListener('pointerup', end);
    disc.addEventListener('pointercancel', end);
  }

  disc.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    const handle = event.target.closest('.wheel-handle');
    if (handle) on.select([...handles.children].indexOf(handle));
    else if (active < 0) return on.add(hexOfWheel(at(event)));
    else move(at(event), false);
    follow(event);
  });

  handles.addEventListener('keydown', event => {
    const index = [...handles.children].indexOf(event.target);
    if (index < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (index !== active) on.select(index);
    const place = { ...places[index] }, step = event.shiftKey ? 4 : 1;
    switch (event.key) {
      case 'ArrowRight': place.hue = (place.hue + 2 * step) % 360; break;
      case 'ArrowLeft': place.hue = (place.hue + 360 - 2 * step) % 360; break;
      case 'ArrowUp': place.saturation = clamp(place.saturation + 0.02 * step, 0, 1); break;
      case 'ArrowDown': place.saturation = clamp(place.saturation - 0.02 * step, 0, 1); break;
      case 'PageUp': place.lightness = clamp(place.lightness + 0.03, 0.03, 0.98); break;
      case 'PageDown': place.lightness = clamp(place.lightness - 0.03, 0.03, 0.98); break;
      case 'Delete': case 'Backspace': event.preventDefault(); return on.remove(index);
      default: return;
    }
    event.preventDefault();
    move(place, true);
  });
  handles.addEventListener('focusin', event => {
    const index = [...handles.children].indexOf(event.target);
    if (index >= 0 && index !== active) on.select(index);
  });

  function lightnessMoved(done) {
    lightness = slider.value / 100;
    if (active >= 0) move({ ...places[active], lightness }, done);
    else repaint();
  }
  slider.addEventListener('input', () => lightnessMoved(false));
  slider.addEventListener('change', () => lightnessMoved(true));

  /** Shows the colours; `chosen` is the index of the one that the wheel changes, -1 for none. */
  function show(colors, chosen) {
    // A place is kept while it still gives its colour: greys have no hue of their own, and the handle would jump.
    places = colors.map(({ hex }, i) => (places[i] && hexOfWheel(places[i]) === hex ? places[i] : wheelOf(hex)));
    if (chosen !== active) painted = -1;
    active = chosen;
    if (places[active]) lightness = clamp(places[active].lightness, 0.03, 0.98);
    slider.value = Math.round(lightness * 100);
    slider.setAttribute('aria-valuetext', `${slider.value} percent`);
    while (handles.children.length > colors.length) handles.lastChild.remove();
    while (handles.children.length < colors.length) handles.append(el('span', { class: 'wheel-handle', role: 'slider', tabindex: 0, 'aria-valuemin': 0, 'aria-valuemax': 359 }));
    places.forEach(({ hue, saturation }, i) => {
      const handle = handles.children[i], angle = hue * Math.PI / 180, { hex } = colors[i];
      handle.style.left = `${50 + 50 * saturation * Math.cos(angle)}%`;
      handle.style.top = `${50 - 50 * saturation * Math.sin(angle)}%`;
      handle.style.background = hex;
      handle.classList.toggle('active', i === active);
      handle.setAttribute('aria-label', `Colour ${i + 1}: arrows change hue and saturation, Page Up and Down lightness`);
      handle.setAttribute('aria-valuenow', Math.round(hue) % 360);
      handle.setAttribute('aria-valuetext', `${nameOf(hex)}, hue ${Math.round(hue)} degrees, saturation ${Math.round(saturation * 100)} percent`);
    });
    repaint();
  }

  return { element, show };
}
