// The tree as far as it has come: nodes by id, deeper levels fetched when they are about to be seen.

import { api } from '../api.js';

const depth = 3;

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
          known.children = (answer.children ?? []).map(child => this.#take(child, known));
          known.hasMore = answer.hasMore && known.children.length === 0;
        } else {
          this.#take(answer, null);
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

  #take(data, parent) {
    const node = { ...data, parent, depth: parent ? parent.depth + 1 : 0, branch: 0, children: [] };
    // A branch of the root gives its whole subtree one hue.
    node.branch = parent ? (parent.parent ? parent.branch : (parent.children.length)) : -1;
    this.#nodes.set(node.id, node);
    for (const child of data.children ?? []) node.children.push(this.#take(child, node));
    return node;
  }
}

/** The nodes from the root to a node. */
export function pathTo(node) {
  const path = [];
  for (let each = node; each; each = each.parent) path.unshift(each);
  return path;
}
