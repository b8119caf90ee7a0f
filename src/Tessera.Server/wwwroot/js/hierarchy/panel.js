// The panel beside the view: what the node under the pointer or the ring is, its members, and for code its source.

import { el, number, plural } from '../dom.js';
import { latest } from '../api.js';

const first = 30;
const words = { root: 'everything', cluster: 'cluster', entity: 'entity', list: 'list', prefix: 'prefix', item: 'item', vector: 'vector' };

// Source begins where its member does, so only its later lines carry the indentation of the type around it.
function dedented(source) {
  const lines = source.split('\n'), deep = lines.slice(1).filter(line => line.trim()).map(line => line.search(/\S/));
  return deep.length === 0 ? source : lines.map((line, i) => (i === 0 ? line : line.slice(Math.min(...deep)))).join('\n');
}

/** Makes the panel; `onMember(member)` is called for a member that is chosen. */
export function makePanel(onMember) {
  const element = el('div', { class: 'node-panel' });
  const cache = new Map();
  let shown = null, timer = 0;

  const fetchDetails = latest(async (signal, tree, id, offset) => {
    const details = await tree.details(id, offset, first, signal);
    if (offset === 0) cache.set(`${tree.name}/${id}`, details);
    return details;
  });

  function member(each) {
    const place = each.file ? `${each.file}${each.line ? `:${each.line}` : ''}` : each.text;
    return el('li', {}, el('button', { class: 'member', onclick: () => onMember(each) },
      el('span', { class: 'member-label' }, each.label), place && el('span', { class: 'member-place' }, each.file ? place.replace(/^.*\/(?=[^/]+\/)/, '…/') : place)));
  }

  function build(tree, node, details) {
    const members = details?.members ?? [], [only] = members, leaf = node.layer === 0 || node.size <= 1;
    const list = el('ul', { class: 'members' }, leaf ? [] : members.map(member));
    const more = el('button', { class: 'button wide', hidden: leaf || !details || details.total <= members.length }, 'Show more');
    let have = members.length;
    more.addEventListener('click', async () => {
      const next = await fetchDetails(tree, node.id, have).catch(() => undefined);
      if (!next || shown !== node) return;
      have += next.members.length;
      list.append(...next.members.map(member));
      more.hidden = next.members.length === 0 || have >= next.total;
    });
    element.replaceChildren(...[
      el('p', { class: 'node-kind' }, `${leaf && only?.kind ? only.kind : words[node.kind] ?? node.kind}${node.size > 1 ? ` of ${number(node.size)}` : ''}`),
      el('h2', {}, node.label),
      (details?.summary ?? node.summary) && el('p', { class: 'node-summary' }, details?.summary ?? node.summary),
      leaf && only?.file && el('p', { class: 'member-place' }, `${only.file}:${only.line ?? 1}`),
      leaf && only?.text && only.text !== (details?.summary ?? node.summary) && el('p', {}, only.text),
      details?.source && el('pre', { class: 'source', tabindex: 0, 'aria-label': 'Source' }, el('code', {}, dedented(details.source))),
      !leaf && el('h3', {}, details ? (details.total > members.length ? `Most typical of ${plural(details.total, 'member')}` : plural(details.total, 'member')) : 'Members'),
      !leaf && list, more,
    ].filter(Boolean));
  }

  /** Shows a node at once from what is known, and its members when they come. Passing over many nodes asks for none of them. */
  function show(tree, node) {
    if (shown === node) return;
    shown = node;
    clearTimeout(timer);
    if (!node) return element.replaceChildren();
    const known = cache.get(`${tree.name}/${node.id}`);
    build(tree, node, known);
    if (known) return;
    timer = setTimeout(async () => {
      const details = await fetchDetails(tree, node.id, 0).catch(() => undefined);
      if (details && shown === node) build(tree, node, details);
    }, 90);
  }

  return { element, show };
}
