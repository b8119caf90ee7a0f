// The panel of one image: the picture, its palette (each swatch searches), what is known of the file, and "more like this".

import { el, icon, icons, number, plural } from '../dom.js';
import { api, latest, showImage } from '../api.js';
import { loadNames, nameOf } from './names.js';
import { inkOn } from './space.js';

const bytes = count => (count < 1e6 ? `${number(Math.round(count / 1000))} kB` : `${(count / 1e6).toFixed(1)} MB`);

/** Makes the panel. `on` has close(), color(hex), palette(entries), like(id). */
export function makeDetail(on) {
  const element = el('aside', { class: 'detail', 'aria-label': 'Image', hidden: true });
  let shown = '';

  const load = latest(async (signal, id) => {
    const path = `/api/colors/images/${encodeURIComponent(id)}`;
    const [image, { palette }] = await Promise.all([api(path, { signal }), api(`${path}/palette`, { query: { count: 8 }, signal }), loadNames()]);
    return { image, palette, path };
  });

  function fact(name, value) {
    return value ? [el('dt', {}, name), el('dd', {}, value)] : [];
  }

  function build({ image, palette, path }) {
    const picture = el('img', { class: 'detail-image', alt: image.path, width: image.width, height: image.height });
    showImage(picture, `${path}/thumbnail?size=640`);
    picture.style.background = palette[0]?.hex;
    const close = el('button', { class: 'icon-button', 'aria-label': 'Close', onclick: on.close }, icon(icons.close));
    const strip = el('div', { class: 'palette', role: 'group', 'aria-label': 'Palette' }, palette.map(({ hex, share }) => {
      const swatch = el('button', { style: { background: hex, color: inkOn(hex), 'flex-grow': Math.max(share, 0.04) }, title: `${hex}, ${nameOf(hex)}`, 'aria-label': `Search by ${nameOf(hex)}, ${Math.round(share * 100)} percent` });
      swatch.addEventListener('click', () => on.color(hex));
      return swatch;
    }));
    element.replaceChildren(
      el('header', {}, el('h2', {}, image.path.split('/').at(-1)), close),
      picture,
      strip,
      el('ul', { class: 'palette-list' }, palette.slice(0, 6).map(({ hex, share }) => el('li', {},
        el('button', { onclick: () => on.color(hex), 'aria-label': `Search by ${nameOf(hex)}` },
          el('span', { class: 'dot', style: { background: hex } }), el('span', {}, nameOf(hex)), el('code', {}, hex), el('span', { class: 'count' }, `${Math.round(share * 100)}%`))))),
      el('div', { class: 'detail-actions' },
        el('button', { class: 'button primary', onclick: () => on.like(image.id) }, 'More like this'),
        el('button', { class: 'button', onclick: () => on.palette(palette) }, 'Its palette')),
      el('dl', { class: 'facts' },
        fact('Size', `${number(image.width)} × ${number(image.height)}`), fact('Folder', image.folder), fact('File', image.bytes && bytes(image.bytes)),
        fact('Changed', image.modified && new Date(image.modified).toLocaleDateString('en', { dateStyle: 'medium' })), fact('Tags', image.tags?.join(', '))));
    element.setAttribute('aria-label', `Image ${image.path}, ${plural(palette.length, 'colour')}`);
    return close;
  }

  /** Shows an image's panel, or none for ''. */
  async function show(id, focus) {
    if (id === shown) return;
    shown = id;
    element.hidden = !id;
    if (!id) return element.replaceChildren();
    const loaded = await load(id);
    if (!loaded) return;
    const close = build(loaded);
    if (focus) close.focus();
  }

  element.addEventListener('keydown', event => {
    if (event.key === 'Escape') on.close();
  });

  return { element, show };
}
