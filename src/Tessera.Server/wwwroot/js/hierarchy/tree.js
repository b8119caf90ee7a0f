// The tree as far as it has come: nodes by id, deeper levels fetched when they are about to be seen.

import { api } from '../api.js';

const depth = 5;

export class Tree {
  #nodes = new Map();
  #fetching = new Map();

  constructor(name, changed) {
    this.name = name;
    this.path = `/api/trees/${encodeURIComponent(name)}`;
    this.changed = changed;
  }

  get root() {
    return this.#nodes.get('root');
  }

  node(id) {
    return this.#nodes.get(id);
  }

  /** Fetches the levels below a node; the same question is asked once at a time. */
  load(id = 'root') {
    let fetching = this.#fetching.get(id);
    if (!fetching) {
      fetching = api(this.path, { query: { root: id, depth, limit: 4000 } }).then(answer => {
        const known = this.#nodes.get(id);
        if (known) {
          known.children = (answer.children ?? []).map((child, i, all) => this.#take(child, known, i, all.length));
          known.hasMore = answer.hasMore && known.children.length === 0;
        } else {
          this.#take(answer, null, 0, 1);
        }
        this.changed();
      }).finally(() => this.#fetching.delete(id));
      this.#fetching.set(id, fetching);
    }
    return fetching;
  }

  /** Asks for what is missing below a node, without waiting. */
  want(node) {
    if (node.hasMore && !this.#fetching.has(node.id) && !node.failed) {
      this.load(node.id).catch(() => { node.failed = true; });
    }
  }

  /** Walks down a path of ids from the root, fetching on the way; gives the last node that there is. */
  async reach(path) {
    if (!this.root) await this.load();
    let node = this.root;
    for (const id of path.slice(1)) {
      if (node.children.length === 0 && node.hasMore) await this.load(node.id);
      const child = node.children.find(each => each.id === id);
      if (!child) break;
      node = child;
    }
    return node;
  }

  details(id, offset, limit, signal) {
    return api(`${this.path}/nodes/${encodeURIComponent(id)}`, { query: { offset: offset || '', limit }, signal });
  }

  search(text, signal) {
    return api(`${this.path}/search`, { query: { q: text, k: 20 }, signal });
  }

  #take(data, parent, at, count) {
    const node = { ...data, parent, depth: parent ? parent.depth + 1 : 0, hue: hue(parent, at, count), children: [] };
    this.#nodes.set(node.id, node);
    const children = data.children ?? [];
    children.forEach((child, i) => node.children.push(this.#take(child, node, i, children.length)));
    return node;
  }
}

/** Branches of the root stand a golden angle apart, whatever their number; below, children fan out around their parent, less at each level. */
function hue(parent, at, count) {
  if (!parent) return null;
  if (parent.hue === null) return (35 + at * 137.508) % 360;
  return parent.hue + (count > 1 ? at / (count - 1) - 0.5 : 0) * 96 / 2 ** (parent.depth - 1);
}

/** The nodes from the root to a node. */
export function pathTo(node) {
  const path = [];
  for (let each = node; each; each = each.parent) path.unshift(each);
  return path;
}
