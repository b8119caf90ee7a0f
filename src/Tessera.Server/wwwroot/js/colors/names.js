// Colour names: what people type becomes a colour, and a colour is told by the name nearest to it.

import { api } from '../api.js';
import { labOf } from './space.js';

let names = [], loading = null;

/** Fetches the server's names, once; without them hex still works. */
export function loadNames() {
  return loading ??= api('/api/colors/names').then(answer => {
    names = answer.names.map(({ name, hex }) => ({ name, hex, lab: labOf(hex) }));
    return names;
  }).catch(() => names);
}

/** `#rrggbb` of a name or of 3 or 6 hex digits, with or without `#`; null for anything else. */
export function parseColor(text) {
  const word = text.trim().toLowerCase();
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/.exec(word)?.[1];
  if (digits) return `#${digits.length === 3 ? [...digits].map(digit => digit + digit).join('') : digits}`;
  return names.find(({ name }) => name === word.replaceAll(/[\s-]/g, ''))?.hex ?? null;
}

const known = new Map();

/** The name nearest to a colour; the hex itself before the names are there. */
export function nameOf(hex) {
  if (names.length === 0) return hex;
  let name = known.get(hex);
  if (name === undefined) {
    const [l, a, b] = labOf(hex);
    let best = Infinity;
    for (const each of names) {
      const distance = (each.lab[0] - l) ** 2 + (each.lab[1] - a) ** 2 + (each.lab[2] - b) ** 2;
      if (distance < best) [best, name] = [distance, each.name];
    }
    known.set(hex, name);
  }
  return name;
}
