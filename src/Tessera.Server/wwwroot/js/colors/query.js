// What is asked for: colours with weights, a remainder that may be anything, exclusions, filters. Plain data and pure functions.

export const most = 5;
const least = 0.02;

export const empty = () => ({ colors: [], rest: 0, exclude: [], class: '', folder: '', like: '', image: '' });

const scaled = (colors, sum) => {
  const total = colors.reduce((all, { weight }) => all + weight, 0) || 1;
  return colors.map(color => ({ ...color, weight: color.weight * sum / total }));
};

/** Adds a colour with an equal share; what the others had is scaled down. */
export function withColor(query, hex, weight) {
  if (query.colors.length >= most) return query;
  const room = 1 - query.rest, share = weight ?? room / (query.colors.length + 1);
  return { ...query, like: '', colors: [...scaled(query.colors, room - share), { hex, weight: share }] };
}

/** Takes a colour out; the others share what it had. */
export function withoutColor(query, at) {
  const colors = query.colors.filter((_, i) => i !== at);
  return { ...query, colors: scaled(colors, 1 - query.rest), rest: colors.length ? query.rest : 0 };
}

export const withHex = (query, at, hex) => ({ ...query, colors: query.colors.map((color, i) => (i === at ? { ...color, hex } : color)) });

/** All colours at once, as from an image's palette. */
export function withPalette(query, palette, rest = 0) {
  const colors = palette.slice(0, most).map(({ hex, share }) => ({ hex, weight: Math.max(share, least) }));
  return { ...query, like: '', rest, colors: scaled(colors, 1 - rest) };
}

/** Where the dividers of the weight bar stand: after each colour, from 0 to 1. The last one begins the remainder. */
export function dividers(query) {
  let sum = 0;
  return query.colors.map(({ weight }) => (sum += weight));
}

/** Moves a divider; its two neighbours change, nobody else. */
export function withDivider(query, at, position) {
  const places = [0, ...dividers(query), 1], last = at === query.colors.length - 1;
  places[at + 1] = Math.min(Math.max(position, places[at] + least), last ? 1 : places[at + 2] - least);
  if (last && places[at + 1] > 0.99) places[at + 1] = 1;
  return { ...query, rest: 1 - places[query.colors.length], colors: query.colors.map((color, i) => ({ ...color, weight: places[i + 1] - places[i] })) };
}

/** Sets the remainder; the colours share what is left in their proportions. */
export const withRest = (query, rest) => ({ ...query, rest, colors: scaled(query.colors, 1 - rest) });

const bare = hex => hex.slice(1);
const spec = colors => colors.map(({ hex, weight }) => `${bare(hex)}:${Number(weight.toFixed(3))}`).join(',');

/** The part of the address. */
export const toAddress = query => ({ c: spec(query.colors), x: query.exclude.map(bare).join(','), class: query.class, folder: query.folder, like: query.like, image: query.image });

/** From the address; what cannot be read is left out. `parse` turns a word into a colour or null. */
export function fromAddress(parameters, parse) {
  const split = name => (parameters.get(name) ?? '').split(',').filter(Boolean).slice(0, most);
  let colors = split('c').map(part => {
    const [word, weight] = part.split(':');
    return { hex: parse(word), weight: weight === undefined ? 1 : Number(weight) };
  }).filter(({ hex, weight }) => hex && weight > 0);
  const sum = colors.reduce((all, { weight }) => all + weight, 0);
  // Weights that leave something over mean a remainder; 0.005 is less than rounding can do.
  const rest = colors.length && sum < 0.995 ? 1 - sum : 0;
  colors = scaled(colors, 1 - rest);
  const text = name => parameters.get(name) ?? '';
  return { colors, rest, exclude: split('x').map(parse).filter(Boolean), class: text('class'), folder: text('folder'), like: text('like'), image: text('image') };
}

/** The API call of a query: its path and parameters. */
export function toRequest(query, k, offset) {
  const common = { class: query.class, folder: query.folder, k, offset: offset || '' };
  if (query.like) return { path: `/api/colors/images/${encodeURIComponent(query.like)}/similar`, query: common };
  return {
    path: '/api/colors/search',
    query: { ...common, colors: spec(query.colors), exclude: query.colors.length ? query.exclude.map(bare).join(',') : '', rest: query.rest > 0.005 ? 'any' : '' },
  };
}
