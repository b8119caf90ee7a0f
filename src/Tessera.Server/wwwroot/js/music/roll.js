// The piano roll: drums as named lanes, tones by pitch. The canvas is as wide as the window and paints what is scrolled to, so
// its size does not depend on the length of the music.

import { el, fitCanvas, themeColor } from '../dom.js';
import { oklch } from '../colors/space.js';
import { pieceOf } from './drums.js';
import { isDrum } from './synth.js';

const pitches = ['C', 'C♯', 'D', 'E♭', 'E', 'F', 'F♯', 'G', 'A♭', 'A', 'B♭', 'B'];
const ruler = 24;

/** Lanes from top to bottom: `{ key, name, drum }`. Tones take all pitches between the lowest and the highest. */
export function lanesOf(notes) {
  const lanes = [], tones = notes.filter(note => !isDrum(note)).map(({ pitch }) => pitch);
  if (tones.length) {
    const low = Math.min(...tones) - 1, high = Math.max(...tones) + 1;
    for (let pitch = high; pitch >= low; pitch--) {
      const name = pitch % 12 === 0 || high - low < 14 ? `${pitches[pitch % 12]}${Math.floor(pitch / 12) - 1}` : '';
      lanes.push({ key: `t${pitch}`, name, drum: false, black: [1, 3, 6, 8, 10].includes(pitch % 12) });
    }
  }
  const pieces = [...new Set(notes.filter(isDrum).map(({ pitch }) => pieceOf(pitch)))].sort((a, b) => b.order - a.order);
  return [...lanes, ...pieces.map(piece => ({ key: piece.name, name: piece.name, drum: true, black: false, order: piece.order }))];
}

const keyOf = note => (isDrum(note) ? pieceOf(note.pitch).name : `t${note.pitch}`);

/** Makes the roll; `onSeek(seconds)` is called for a click or a drag. */
export function makeRoll(onSeek) {
  const canvas = el('canvas', { class: 'roll-canvas' });
  const spacer = el('div', { class: 'roll-spacer' });
  const element = el('div', { class: 'roll', tabindex: 0, role: 'img' }, el('div', { class: 'roll-sticky' }, canvas), spacer);
  let music = null, lanes = [], index = new Map(), tall = 18, label = 96, scale = 100, head = 0, colors = null, frame = 0;

  function load(next) {
    music = next;
    lanes = lanesOf(music.notes);
    index = new Map(lanes.map((lane, i) => [lane.key, i]));
    head = 0;
    element.scrollLeft = 0;
    const drums = lanes.filter(({ drum }) => drum).map(({ name }) => name);
    element.setAttribute('aria-label', `Piano roll: ${music.notes.length} notes in ${music.bars} bars${drums.length ? `, drums: ${drums.join(', ')}` : ''}`);
    size();
  }

  function size() {
    if (!music || !element.clientWidth) return;
    label = lanes.some(({ drum }) => drum) ? (element.clientWidth < 500 ? 92 : 116) : 44;
    tall = lanes.length > 40 ? 9 : lanes.length > 24 ? 13 : lanes.length > 12 ? 18 : 26;
    element.style.height = `${ruler + tall * lanes.length + 2}px`;
    // Short music fills the width; long music scrolls at a readable scale.
    scale = Math.max((element.clientWidth - label - 12) / music.seconds, element.clientWidth < 500 ? 64 : 84);
    spacer.style.width = `${label + 12 + music.seconds * scale}px`;
    repaint();
  }

  const repaint = () => { frame ||= requestAnimationFrame(paint); };
  const xOf = seconds => label + seconds * scale - element.scrollLeft;

  function paint() {
    frame = 0;
    const context = fitCanvas(canvas);
    if (!context || !music) return;
    colors ??= {
      ground: themeColor('--ground'), raised: themeColor('--raised'), line: themeColor('--line'), strong: themeColor('--line-strong'),
      ink: themeColor('--ink'), ink2: themeColor('--ink-3'), focus: themeColor('--focus'), dark: Number(themeColor('--tree-l')) < 0.6,
    };
    const { clientWidth: width, clientHeight: height } = canvas;
    context.fillStyle = colors.ground;
    context.fillRect(0, 0, width, height);
    lanes.forEach((lane, i) => {
      if (lane.drum ? i % 2 === 0 : lane.black) {
        context.fillStyle = colors.raised;
        context.fillRect(0, ruler + i * tall, width, tall);
      }
    });
    grid(context, width, height);
    for (const note of music.notes) drawNote(context, note, width);
    names(context, height);
    const x = xOf(head);
    if (x >= label - 1 && x <= width) {
      context.fillStyle = colors.focus;
      context.fillRect(x - 1, ruler - 8, 2, height);
      context.beginPath();
      context.arc(x, ruler - 8, 4, 0, 7);
      context.fill();
    }
  }

  function grid(context, width, height) {
    const beat = 60 / music.tempo, beats = Number(music.meter?.split('/')[0]) || 4, unit = beat * 4 / (Number(music.meter?.split('/')[1]) || 4);
    context.font = '11px system-ui, "Liberation Sans", sans-serif';
    context.textBaseline = 'middle';
    const first = Math.max(0, Math.floor(element.scrollLeft / scale / unit) - 1);
    for (let i = first; i * unit <= music.seconds + 0.001; i++) {
      const x = Math.round(xOf(i * unit)), bar = i % beats === 0;
      if (x > width) break;
      context.fillStyle = bar ? colors.strong : colors.line;
      context.fillRect(x, bar ? 4 : ruler, 1, height);
      if (bar && unit * beats * scale > 22) {
        context.fillStyle = colors.ink2;
        context.fillText(String(i / beats + 1), x + 5, 11);
      }
    }
  }

  function drawNote(context, note, width) {
    const lane = index.get(keyOf(note)), x = xOf(note.start), long = Math.max(isDrum(note) ? Math.min(tall * 0.62, 12) : note.duration * scale - 1, 3);
    if (x > width || x + long < label) return;
    const loud = note.velocity / 127, hue = isDrum(note) ? (25 + (lanes[lane].order ?? 0) * 47) % 360 : 255 + (note.program % 16) * 23;
    const key = `${Math.round(loud * 12)}.${Math.round(hue)}.${colors.dark}`;
    let color = shades.get(key);
    if (!color) shades.set(key, color = colors.dark ? oklch(0.42 + 0.4 * loud, 0.05 + 0.1 * loud, hue) : oklch(0.86 - 0.34 * loud, 0.06 + 0.12 * loud, hue));
    context.fillStyle = head >= note.start && head < note.start + Math.max(note.duration, 0.09) ? colors.ink : color;
    context.beginPath();
    context.roundRect(x, ruler + lane * tall + tall * 0.14, long, tall * 0.72, Math.min(3, tall * 0.3));
    context.fill();
  }

  function names(context, height) {
    context.fillStyle = colors.ground;
    context.fillRect(0, 0, label - 1, height);
    context.fillStyle = colors.line;
    context.fillRect(label - 1, ruler, 1, height);
    context.fillStyle = colors.ink2;
    lanes.forEach(({ name }, i) => { if (name) context.fillText(name, 10, ruler + i * tall + tall / 2, label - 14); });
  }

  /** Moves the playhead; while it plays the view follows by pages. */
  function move(seconds, follow) {
    head = seconds;
    const x = label + seconds * scale;
    if (follow && (x > element.scrollLeft + element.clientWidth - 24 || x < element.scrollLeft + label)) element.scrollLeft = Math.max(0, x - label - 40);
    repaint();
  }

  function seek(event) {
    const x = event.clientX - element.getBoundingClientRect().left;
    if (x > label) onSeek((x - label + element.scrollLeft) / scale);
  }
  canvas.addEventListener('click', seek);
  element.addEventListener('scroll', repaint, { passive: true });
  new ResizeObserver(size).observe(element);

  return { element, load, move, recolor() { colors = null; repaint(); } };
}

const shades = new Map();
