// The Colours tab: holds the query, asks the server, and passes what comes to the parts.

import { api, latest } from '../api.js';
import { announce, el, icon, icons, notice, number } from '../dom.js';
import { write } from '../url.js';
import { makeChosen } from './chosen.js';
import { makeDetail } from './detail.js';
import { takeImages } from './drop.js';
import { makeFacets } from './facets.js';
import { makeGrid } from './grid.js';
import { loadNames, nameOf, parseColor } from './names.js';
import { empty, fromAddress, most, toAddress, toRequest, withColor, withHex, withPalette, withRest, withoutColor } from './query.js';
import { makeWeights } from './weights.js';
import { makeWheel } from './wheel.js';

const page = 60;
const ideas = [
  ['Sunset', ['#e8743b', '#f2b705', '#5b2a4e']], ['Sea and sand', ['#2f7f9e', '#9fd0d6', '#d9c29a']], ['Forest', ['#2e4a25', '#6f8f3a', '#3b2f22']],
  ['Poppies', ['#c8102e', '#4c7a34']], ['Fog', ['#b9bec2', '#7d858a', '#e6e8e9']],
];

export function open(panel) {
  let query = empty(), chosen = -1, results = [], total = 0, more = false, sent = '', changedAt = 0;

  const wheel = makeWheel({
    add: hex => { update(withColor(query, hex)); choose(query.colors.length - 1); },
    change: (at, hex, done) => update(withHex(query, at, hex), done),
    select: choose,
    remove,
  });
  const weights = makeWeights({ change: (next, done) => update(next, done), select: choose });
  const rows = makeChosen({
    select: choose,
    change: (at, hex) => update(withHex(query, at, hex)),
    remove,
    exclude: at => { const { hex } = query.colors[at]; chosen = -1; update({ ...withoutColor(query, at), exclude: [...query.exclude.filter(each => each !== hex), hex].slice(-most) }); },
    allow: at => update({ ...query, exclude: query.exclude.filter((_, i) => i !== at) }),
    add: colors => { update(colors.reduce((all, hex) => withColor(all, hex), query)); choose(query.colors.length - 1); },
  });
  const facets = makeFacets(change => update({ ...query, ...change }));
  const grid = makeGrid(id => update({ ...query, image: id === query.image ? '' : id }, true, true));
  const detail = makeDetail({
    close: () => { const { image } = query; update({ ...query, image: '' }); grid.focus(image); },
    color: hex => { update(withColor({ ...query, colors: [], rest: 0, image: '' }, hex)); choose(0); },
    palette: palette => update({ ...withPalette(query, palette), image: '' }),
    like: id => { chosen = -1; update({ ...query, colors: [], rest: 0, exclude: [], like: id, image: '' }); },
  });

  const rest = el('button', { class: 'chip', onclick: () => update(withRest(query, query.rest > 0 ? 0 : 0.4)) }, 'Leave room for others');
  const clear = el('button', { class: 'chip', onclick: () => { chosen = -1; update(empty()); } }, 'Start over');
  const file = el('input', { type: 'file', accept: 'image/*', class: 'quiet', id: 'image-file', tabindex: -1 });
  const fromImage = el('button', { class: 'button wide', onclick: () => file.click() }, icon(icons.image), 'Use, drop or paste an image');
  const suggestions = el('div', { class: 'ideas' }, el('h3', {}, 'Try'), ideas.map(([name, colors]) => el('button', { class: 'idea', onclick: () => { chosen = -1; update(withPalette(query, colors.map(hex => ({ hex, share: 1 })))); } },
    el('span', { class: 'idea-strip', 'aria-hidden': 'true' }, colors.map(hex => el('span', { style: { background: hex } }))), name)));
  const wheelBox = el('details', { class: 'wheel-fold', open: matchMedia('(min-width: 721px)').matches }, el('summary', {}, 'Colour wheel'), wheel.element);
  const side = el('div', { class: 'side colors-side' }, weights.element, el('div', { class: 'chips' }, rest, clear), wheelBox, rows.element, fromImage, file, suggestions);

  const count = el('p', { class: 'result-count' });
  const like = el('button', { class: 'chip', hidden: true, onclick: () => update({ ...query, like: '' }) });
  const end = el('div', { class: 'grid-end' });
  const none = el('div', { class: 'empty', hidden: true }, el('h2', {}, 'Nothing matches.'), el('p', {}, 'Take a filter or an excluded colour back.'));
  const main = el('div', { class: 'colors-main' }, el('div', { class: 'result-bar' }, like, count, facets.element), grid.element, none, end);
  panel.replaceChildren(el('h1', { class: 'quiet' }, 'Search images by colour'), el('div', { class: 'colors' }, side, main, detail.element));

  function choose(at) {
    if (at === chosen) return;
    chosen = at;
    paintQuery();
  }

  function remove(at) {
    chosen = Math.min(chosen, query.colors.length - 2);
    update(withoutColor(query, at));
  }

  /** Everything that changes the query comes through here. While something is dragged (`done` false) the address waits. */
  function update(next, done = true, focusDetail = false) {
    query = next;
    changedAt = performance.now();
    paintQuery();
    if (done) write('colors', toAddress(query));
    detail.show(query.image, focusDetail).catch(failed);
    grid.select(query.image);
    search();
  }

  function paintQuery() {
    if (chosen >= query.colors.length) chosen = query.colors.length - 1;
    weights.show(query, chosen);
    wheel.show(query.colors, chosen);
    rows.show(query, chosen);
    rest.hidden = query.colors.length === 0;
    rest.setAttribute('aria-pressed', query.rest > 0);
    clear.hidden = query.colors.length + query.exclude.length === 0 && !query.like && !query.class && !query.folder;
    suggestions.hidden = query.colors.length > 0 || Boolean(query.like);
    like.hidden = !query.like;
    like.replaceChildren(`Like ${grid.find(query.like)?.path ?? 'one image'}`, icon(icons.close));
    like.setAttribute('aria-label', 'Stop searching by this image');
  }

  const fetchPage = latest((signal, request) => api(request.path, { query: request.query, signal }));
  let flying = 0, again = false;

  // A drag changes the query faster than answers come. Aborting each request for the next would show nothing until the
  // hand rests, so one that is young may finish, and what changed meanwhile is asked right after it.
  async function search() {
    const request = toRequest(query, page, 0), key = JSON.stringify(request);
    if (key === sent) return;
    if (flying && performance.now() - flying < 120) {
      again = true;
      return;
    }
    sent = key;
    const started = flying = performance.now(), since = changedAt;
    try {
      const answer = await fetchPage(request);
      if (!answer) return;
      show(answer);
      // The frame after the next begins when the next has been painted.
      requestAnimationFrame(() => requestAnimationFrame(() => performance.measure('repaint', { start: since || started, end: performance.now() })));
    } catch (error) {
      sent = '';
      failed(error);
    } finally {
      if (flying === started) {
        flying = 0;
        if (again) {
          again = false;
          search();
        }
      }
    }
  }

  function show(answer) {
    results = answer.results;
    total = answer.total ?? results.length;
    more = results.length === page;
    grid.show(results);
    grid.select(query.image);
    if (answer.facets) facets.show(answer.facets, query);
    none.hidden = results.length > 0;
    const asked = query.colors.length > 0 || query.like;
    const time = answer.timings ? `${answer.timings.total.toFixed(answer.timings.total < 10 ? 1 : 0)} ms` : '';
    const stages = answer.timings?.stages?.map(({ name, milliseconds }) => `${name} ${milliseconds.toFixed(1)} ms`).join(', ');
    count.replaceChildren(`${number(total)} ${total === 1 ? 'image' : 'images'}`, el('span', { class: 'muted', title: stages }, asked ? ` by closeness, ${time}` : ''));
    announce(`${number(total)} images${query.colors.length ? `, closest to ${query.colors.map(({ hex }) => nameOf(hex)).join(', ')} first` : ''}`);
  }

  const fetchMore = latest((signal, request) => api(request.path, { query: request.query, signal }));
  new IntersectionObserver(async ([entry]) => {
    if (!entry.isIntersecting || !more || panel.hidden) return;
    more = false;
    const key = sent;
    try {
      const answer = await fetchMore(toRequest(query, page, results.length));
      if (!answer || key !== sent) return;
      const have = new Set(results.map(({ id }) => id));
      results = [...results, ...answer.results.filter(({ id }) => !have.has(id))];
      more = answer.results.length === page;
      grid.show(results);
    } catch (error) {
      failed(error);
    }
  }, { rootMargin: '800px' }).observe(end);

  function failed(error) {
    if (error.status === 404 && !query.image && !query.like) main.replaceChildren(el('div', { class: 'empty' }, el('h2', {}, 'No images are loaded.'), el('p', {}, 'This loads them: ', el('code', {}, 'tessera serve --colors photos.tcol'))));
    else notice(error.message);
  }

  takeImages(panel, file, async image => {
    fromImage.classList.add('busy');
    try {
      const answer = await api('/api/colors/search/image', { query: { k: 1 }, body: image });
      chosen = -1;
      update(withPalette({ ...query, image: '' }, answer.query.palette));
      announce('Searching by the colours of your image');
    } catch (error) {
      failed(error);
    } finally {
      fromImage.classList.remove('busy');
    }
  });

  return {
    apply(parameters) {
      const next = fromAddress(parameters, parseColor), [color] = next.colors;
      query = next;
      if (!color) chosen = -1;
      changedAt = 0;
      paintQuery();
      detail.show(query.image, false).catch(failed);
      grid.select(query.image);
      // Names are a comfort: the first results do not share the server with them.
      search().then(loadNames).then(names => { rows.suggest(names); paintQuery(); });
    },
  };
}
