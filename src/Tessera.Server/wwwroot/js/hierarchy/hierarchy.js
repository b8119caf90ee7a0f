// The Hierarchy tab: one zoomable view of any tree that the server offers, its outline for the keyboard, and a panel.

import { api } from '../api.js';
import { announce, el, icon, icons, notice, number, onThemeChange } from '../dom.js';
import { write } from '../url.js';
import { makeFinder } from './finder.js';
import { makeIcicle } from './icicle.js';
import { makeOutline } from './outline.js';
import { makePanel } from './panel.js';
import { pathTo, Tree } from './tree.js';

/** Where to look at the end of a path from: two levels above it, so that what surrounds it is seen too. */
const around = path => path.at(-3) ?? path[0];

const kinds = { code: 'Code map', kmeans: 'Inverted lists', index: 'Tree index', ids: 'Semantic ids' };

const offered = async () => (await api('/api/trees')).trees.filter(({ state }) => state !== 'failed');
const isLoading = ({ state }) => state === 'loading';
const titleOf = each => `${kinds[each.kind] ?? each.kind}: ${each.name}${isLoading(each) ? ' (loading …)' : each.leaves ? ` (${number(each.leaves)})` : ''}`;

export async function open(panel) {
  let trees = await offered();
  if (trees.length === 0) {
    panel.replaceChildren(el('div', { class: 'empty' }, el('h2', {}, 'None of the indexes is a tree.'), el('p', {}, 'This loads a map of code: ', el('code', {}, 'tessera serve --code FOLDER'))));
    return { apply() {} };
  }
  let tree = null, zoomed = null, hit = null, asked = 0;

  const chooser = el('select', { class: 'input tree-chooser', 'aria-label': 'Tree', onchange: () => visit({ tree: chooser.value }) });
  const crumbs = el('ol', { class: 'crumbs' });
  const canvas = el('canvas', { class: 'icicle', 'aria-hidden': 'true' });
  const view = makeIcicle(canvas, {
    hover: node => side.show(tree, node ?? outline.active ?? zoomed),
    open: node => openNode(node),
  });
  const outline = makeOutline({
    mark: node => {
      view.mark(document.activeElement === outline.element ? node : null);
      side.show(tree, node ?? zoomed);
    },
    open: node => openNode(node),
    up,
  });
  const side = makePanel(member => {
    const node = tree.node(member.id);
    if (node) openNode(node);
    else follow(member.id);
  });
  const finder = makeFinder({
    search: (text, signal) => tree.search(text, signal),
    choose: (found, text) => visit({ tree: tree.name, node: around(found.path), hit: found.path.at(-1), q: text, path: found.path }),
    clear: () => { if (hit) visit({ tree: tree.name, node: zoomed.id }); },
    labelOf: id => tree.node(id)?.label,
  });
  const back = el('button', { class: 'icon-button', 'aria-label': 'Zoom out', onclick: up }, icon(icons.back));
  panel.replaceChildren(el('h1', { class: 'quiet' }, 'Walk through a hierarchy'), el('div', { class: 'hierarchy' },
    el('div', { class: 'hierarchy-bar' }, chooser, finder.element),
    el('nav', { class: 'crumb-bar', 'aria-label': 'Path' }, back, crumbs),
    el('div', { class: 'icicle-box' }, canvas, outline.element),
    el('aside', { class: 'hierarchy-side', 'aria-label': 'Node' }, side.element)));
  const watching = watch().catch(error => notice(error.message));

  outline.element.addEventListener('blur', () => view.mark(null));
  outline.element.addEventListener('focus', () => view.mark(outline.active));
  // The outline lies over the canvas for readers and the keyboard only; the pointer goes through to the canvas.
  canvas.addEventListener('click', () => outline.element.focus({ preventScroll: true }));
  new ResizeObserver(() => { if (zoomed) refresh(false); }).observe(canvas);
  onThemeChange(() => view.recolor());

  /** Offers the trees, and those that are still loading as soon as they are there. */
  async function watch() {
    fillChooser();
    for (let wait = 200; trees.some(isLoading); wait = Math.min(3000, wait * 1.5)) {
      await new Promise(resolve => setTimeout(resolve, wait));
      trees = await offered();
      fillChooser();
    }
  }

  function fillChooser() {
    chooser.replaceChildren(...trees.map(each => el('option', { value: each.name, disabled: isLoading(each) }, titleOf(each))));
    chooser.hidden = trees.length < 2;
    if (tree) chooser.value = tree.name;
  }

  /** The tree of that name, or the first; where it is still loading, once it is there. */
  async function treeNamed(name) {
    const find = () => trees.find(each => each.name === name) ?? trees.find(each => !isLoading(each)) ?? trees[0];
    if (isLoading(find())) await watching;
    return find();
  }

  function up() {
    if (zoomed?.parent) openNode(zoomed.parent, zoomed);
  }

  /** Zooms to a node; a leaf is shown in the panel, within its parent. The zoomed node itself zooms out. */
  function openNode(node, mark) {
    if (node === zoomed && !mark) {
      if (node.parent) openNode(node.parent, node);
      return;
    }
    const leaf = node.childCount === 0;
    show(leaf ? node.parent ?? node : node, leaf ? node : null);
    outline.mark(leaf ? node : mark ?? node);
    write('hierarchy', address());
  }

  /** A member far below: its path is asked for, then walked. */
  async function follow(id) {
    try {
      const { path } = await tree.details(id, 0, 1);
      const ids = path.map(each => each.id);
      await visit({ tree: tree.name, node: around(ids), hit: ids.at(-1), path: ids });
    } catch (error) {
      notice(error.message);
    }
  }

  const address = () => ({ tree: trees.length > 1 ? tree.name : '', node: zoomed.id === 'root' ? '' : zoomed.id, hit: hit?.id, q: finder.text });

  function show(node, marked) {
    zoomed = node;
    hit = marked;
    view.trace(marked ? pathTo(marked).map(({ id }) => id) : []);
    refresh(true);
    side.show(tree, marked ?? node);
    paintCrumbs();
    announce(`${node.label}, ${number(node.size)} within`);
  }

  /** Lays out anew, and asks for the levels that would be seen and are not there. */
  function refresh(animate) {
    for (const { node, height } of view.show(zoomed, animate)) if (height > 5) tree.want(node);
    outline.show(zoomed);
  }

  function paintCrumbs() {
    const path = pathTo(zoomed);
    back.disabled = path.length < 2;
    crumbs.replaceChildren(...path.map((node, i) => el('li', {}, i === path.length - 1
      ? el('span', { 'aria-current': 'location' }, node.label)
      : el('button', { onclick: () => openNode(node, path[i + 1]) }, node.label))));
    crumbs.scrollLeft = crumbs.scrollWidth;
  }

  /** Goes to a state, as from the address or a search hit, fetching what it needs. */
  async function visit({ tree: name, node = 'root', hit: marked, q = '', path }, push = true) {
    const turn = ++asked;
    const known = await treeNamed(name);
    if (turn !== asked) return;
    if (tree?.name !== known.name) {
      const next = tree = new Tree(known.name, () => { if (zoomed && tree === next) refresh(false); });
      zoomed = hit = null;
      finder.text = '';
    }
    chooser.value = known.name;
    if (q) finder.text = q;
    try {
      // Ids are opaque, so the way to one that has not been seen is asked for.
      const wanted = marked ?? node;
      path ??= wanted === 'root' || tree.node(wanted) ? null : (await tree.details(wanted, 0, 1)).path.map(({ id }) => id);
      if (!tree.root) await tree.load();
      const reached = path ? await tree.reach(path) : tree.node(wanted) ?? tree.root;
      if (turn !== asked) return;
      const near = marked && pathTo(reached).find(each => each.id === node);
      show(marked ? near ?? reached.parent ?? reached : reached, marked ? reached : null);
      outline.mark(marked ? reached : null);
      if (push) write('hierarchy', address());
    } catch (error) {
      if (!tree.root) throw error;
      notice(error.message);
      if (!zoomed) show(tree.root, null);
    }
  }

  return {
    apply: parameters => visit({ tree: parameters.get('tree'), node: parameters.get('node') ?? undefined, hit: parameters.get('hit') ?? undefined, q: parameters.get('q') ?? '' }, false),
  };
}
