// The icicle: columns are levels, heights are sizes. It lays out only what a zoomed window shows, so a tree of a million
// leaves costs as much as one of a thousand.

import { fitCanvas, motionReduced, themeColor } from '../dom.js';
import { oklch } from '../colors/space.js';

const smallest = 2.5, readable = 20;
const font = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif';

const children = node => node.children ?? [];

/**
 * Boxes of a node's subtree in a window: `{ node, x, y, width, height, crowd }`. The first column, the node that is zoomed
 * to, is narrower. Children too thin to be told apart become one box, their crowd, that stands for their parent; nodes on
 * the path are always there.
 */
export function layout(zoomed, width, height, columns, path = new Set()) {
  const boxes = [], head = columns > 1 ? width * 0.55 / columns : width, column = columns > 1 ? (width - head) / (columns - 1) : 0;
  const place = (node, depth, y, tallest, crowd = false) => {
    boxes.push({ node, x: depth === 0 ? 0 : head + (depth - 1) * column, y, width: depth === 0 ? head : column, height: tallest, crowd });
    if (crowd || depth + 1 >= columns) return;
    let top = y, thin = y;
    const flush = () => { if (top - thin >= 1) place(node, depth + 1, thin, top - thin, true); };
    for (const child of children(node)) {
      const tall = tallest * child.size / node.size;
      if (tall >= smallest || path.has(child.id)) {
        flush();
        // A node on the path is never too thin to be read; it lies over its neighbours then.
        const high = path.has(child.id) ? Math.max(tall, readable) : tall;
        place(child, depth + 1, Math.max(y, Math.min(top, y + tallest - high)), high);
        thin = top + tall;
      }
      top += tall;
    }
    flush();
  };
  place(zoomed, 0, 0, height);
  return boxes;
}

/** Makes the view on a canvas. `on` has hover(node or null), open(node). */
export function makeIcicle(canvas, on) {
  let zoomed = null, boxes = [], from = new Map(), moved = 1, frame = 0, started = 0;
  let active = null, hovered = null, path = new Set(), palette = null;

  // No more columns than the node has levels, where the tree says how many.
  const columns = node => Math.max(1, Math.min(canvas.clientWidth < 520 ? 3 : canvas.clientWidth < 700 ? 4 : 5, (node.layer ?? 9) + 1));

  function fill(node) {
    palette ??= { l: Number(themeColor('--tree-l')), c: Number(themeColor('--tree-c')), ink: themeColor('--tree-ink'), line: themeColor('--ground'), focus: themeColor('--focus'), root: themeColor('--sunken'), colors: new Map() };
    if (node.hue === null) return palette.root;
    const level = Math.min(6, node.depth), key = `${Math.round(node.hue)}.${level}.${node.layer === 0}`;
    let color = palette.colors.get(key);
    if (!color) {
      const toGround = (palette.l > 0.6 ? 1 : -1) * 0.018 * level;
      color = oklch(palette.l + toGround, palette.c * (node.layer === 0 ? 0.6 : 1), node.hue);
      palette.colors.set(key, color);
    }
    return color;
  }

  function show(node, animate = true) {
    const old = new Map(boxes.filter(box => !box.crowd).map(box => [box.node.id, box]));
    zoomed = node;
    boxes = node && canvas.clientWidth ? layout(node, canvas.clientWidth, canvas.clientHeight, columns(node), path) : [];
    animate = animate && !motionReduced() && old.size > 0;
    from = animate ? old : new Map();
    moved = animate ? 0 : 1;
    started = performance.now();
    repaint();
    return boxes;
  }

  const ease = t => 1 - (1 - t) ** 3;
  const mix = (a, b, t) => a + (b - a) * t;

  function paint(now) {
    frame = 0;
    const context = fitCanvas(canvas);
    if (!context) return;
    // A frame's time may lie before the moment that asked for it.
    if (moved < 1) moved = Math.min(1, Math.max(0, now - started) / 280);
    const t = ease(moved);
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    // What had no place before comes out of where its nearest known ancestor was.
    const origin = box => {
      for (let node = box.node; node; node = node.parent) {
        const known = from.get(node.id);
        if (known) return node === box.node ? known : { x: known.x + known.width, y: known.y, width: box.width, height: known.height * box.height / canvas.clientHeight };
      }
      return null;
    };
    for (const box of boxes) {
      const start = t < 1 ? origin(box) : null;
      drawBox(context, box, start ? { x: mix(start.x, box.x, t), y: mix(start.y, box.y, t), width: mix(start.width, box.width, t), height: mix(start.height, box.height, t) } : box);
    }
    // Drawn again, since thin boxes of a path lie over their neighbours.
    for (const box of boxes) if (!box.crowd && path.has(box.node.id) && t === 1 && box.height === readable) drawBox(context, box, box);
    for (const box of boxes) if (!box.crowd && (box.node === active || path.has(box.node.id))) outline(context, box, box.node === active);
    if (moved < 1) repaint();
  }

  function drawBox(context, { node, crowd }, { x, y, width, height }) {
    const gap = height > 6 ? 1 : 0.25, on = path.size === 0 || path.has(node.id);
    context.globalAlpha = (on ? 1 : 0.35) * (crowd ? 0.4 : 1);
    context.fillStyle = fill(node);
    context.beginPath();
    context.roundRect(x, y, width - 1.5, Math.max(0.5, height - gap), Math.min(4, height / 4));
    context.fill();
    if (node === hovered && !crowd) {
      context.fillStyle = 'rgb(128 128 128 / .22)';
      context.fill();
    }
    if (height >= 13 && !crowd) label(context, node, x, y, width, height);
    context.globalAlpha = 1;
  }

  function label(context, node, x, y, width, height) {
    const size = height > 60 ? 13 : height > 20 ? 12 : 11;
    context.font = `${height > 40 && node.layer !== 0 ? 600 : 400} ${size}px ${font}`;
    context.fillStyle = palette.ink;
    context.textBaseline = 'middle';
    const middle = height > 90 ? y + 18 : y + height / 2 - 0.5;
    const room = width - 18;
    context.fillText(fitted(context, node.label, room), x + 8, height > 32 && height <= 90 && node.layer !== 0 ? middle - 7 : middle);
    if (height > 32 && node.size > 1) {
      context.font = `400 11px ${font}`;
      context.globalAlpha *= 0.68;
      context.fillText(fitted(context, node.size.toLocaleString('en'), room), x + 8, height > 90 ? middle + 17 : middle + 9);
    }
  }

  function outline(context, { x, y, width, height }, strong) {
    context.strokeStyle = strong ? palette.focus : palette.ink;
    context.lineWidth = strong ? 2.5 : 1.5;
    context.beginPath();
    context.roundRect(x + 1.25, y + 1.25, width - 4, Math.max(1, height - 3.5), 3);
    context.stroke();
  }

  const repaint = () => { frame ||= requestAnimationFrame(paint); };

  /** The box at a point, nearest first to nothing: outside all boxes it is undefined. */
  function at(event) {
    const { left, top } = canvas.getBoundingClientRect(), x = event.clientX - left, y = event.clientY - top;
    return boxes.find(box => x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height);
  }

  canvas.addEventListener('pointermove', event => {
    const node = at(event)?.node ?? null;
    if (node === hovered) return;
    hovered = node;
    canvas.style.cursor = node ? (node === zoomed && node.parent ? 'zoom-out' : 'pointer') : '';
    on.hover(node);
    repaint();
  });
  canvas.addEventListener('pointerleave', () => {
    hovered = null;
    on.hover(null);
    repaint();
  });
  canvas.addEventListener('click', event => {
    const box = at(event);
    if (box) on.open(box.node);
  });

  return {
    show,
    repaint,
    get boxes() { return boxes; },
    /** The node with the ring; null for none. */
    mark(node) { active = node; repaint(); },
    /** Ids that stand out from the next show on; all others step back. Empty for none. */
    trace(ids) { path = new Set(ids); },
    recolor() { palette = null; repaint(); },
  };
}

const fits = new Map();

// Measuring is what text on a canvas costs; what fitted once fits again.
function fitted(context, text, room) {
  const key = `${context.font}|${Math.round(room)}|${text}`;
  let short = fits.get(key);
  if (short === undefined) {
    short = text;
    if (context.measureText(text).width > room) {
      let low = 0, high = text.length;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (context.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
        else high = middle - 1;
      }
      short = low > 1 ? `${text.slice(0, low).trimEnd()}…` : '';
    }
    if (fits.size > 20000) fits.clear();
    fits.set(key, short);
  }
  return short;
}
