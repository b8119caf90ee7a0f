// The Music tab: a style and a few numbers become music; it is seen, heard, and taken home as MIDI.

import { api, latest } from '../api.js';
import { announce, el, icon, icons, notice, onThemeChange, plural } from '../dom.js';
import { write } from '../url.js';
import { Player } from './player.js';
import { makeRoll } from './roll.js';

const defaults = { parent: '', child: '', seed: '1', temperature: '1', bias: '0.3', weight: '0.5', length: '400' };
const clock = seconds => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

export async function open(panel) {
  const styles = await api('/api/music/styles');
  let state = { ...defaults, parent: styles.parents[0]?.name ?? '' }, music = null, made = '', frame = 0, shown = null;

  const parent = el('select', { class: 'input', onchange: () => set({ parent: parent.value, child: '' }) }, styles.parents.map(({ name, patterns }) => el('option', { value: name }, `${name} (${patterns})`)));
  const child = el('select', { class: 'input', onchange: () => set({ child: child.value }) });
  const seed = el('input', { type: 'number', min: 0, max: 2147483647, step: 1, inputmode: 'numeric', onchange: () => set({ seed: String(Math.max(0, Math.trunc(Number(seed.value)) || 0)) }) });
  const dice = el('button', { class: 'button', type: 'button', 'aria-label': 'Another seed', title: 'Another seed', onclick: () => { set({ seed: String(Math.floor(Math.random() * 100000)) }); generate(); } }, icon(icons.dice));
  const sliders = {
    temperature: slider('Temperature', 'temperature', 0.4, 1.6, 0.05, 'Higher is bolder.'),
    bias: slider('Child bias', 'bias', 0, 1, 0.05, 'How much the child’s patterns count above the parent’s.'),
    weight: slider('Retrieval', 'weight', 0, 1, 0.05, '0 is the model alone, 1 the retrieved patterns alone.'),
    length: slider('Length', 'length', 100, 1500, 50, 'In tokens; a bar is 30 to 100.'),
  };
  const go = el('button', { class: 'button primary', type: 'submit' }, 'Generate');
  const form = el('form', { class: 'side music-side', onsubmit: event => { event.preventDefault(); generate(); } },
    el('label', { class: 'field' }, el('span', {}, 'Style'), parent), el('label', { class: 'field' }, el('span', {}, 'Within it'), child),
    Object.values(sliders).map(({ element }) => element),
    el('div', { class: 'seed-row' }, el('label', { class: 'field' }, el('span', {}, 'Seed'), seed), dice), go);

  const player = new Player(tick);
  const roll = makeRoll(seconds => { player.seek(seconds); });
  const play = el('button', { class: 'play', 'aria-label': 'Play', onclick: () => (player.playing ? player.pause() : player.play()) });
  const position = el('input', { type: 'range', min: 0, max: 1, step: 0.01, value: 0, 'aria-label': 'Position', class: 'position', oninput: () => player.seek(Number(position.value)) });
  const time = el('span', { class: 'time' }, '0:00');
  const tempo = el('input', { type: 'range', min: 50, max: 150, step: 1, value: 100, oninput: () => { player.tempo = tempo.value / 100; tempoSaid(); } });
  const tempoText = el('output');
  const download = el('a', { class: 'button' }, icon(icons.down), 'MIDI');
  const transport = el('div', { class: 'transport' }, play, time, position, el('label', { class: 'field tempo' }, el('span', {}, 'Tempo', tempoText), tempo), download);
  const title = el('h2', {}), facts = el('p', { class: 'muted' });
  const patterns = el('ol', { class: 'patterns' });
  const tokens = el('details', { class: 'tokens' }, el('summary', {}, 'Tokens'), el('pre', { class: 'source', tabindex: 0, 'aria-label': 'Tokens' }, el('code')));
  const result = el('div', { class: 'music-result', hidden: true }, el('header', {}, title, facts), transport, roll.element,
    el('section', {}, el('h3', {}, 'Retrieved for it'), patterns), tokens);
  const wait = el('div', { class: 'empty' }, el('h2', {}, 'Choose a style, then Generate.'), el('p', {}, `${plural(styles.patterns, 'pattern')} are loaded. The same seed gives the same music.`));
  const main = el('div', { class: 'music-main' }, styles.canSample === false
    ? el('div', { class: 'empty' }, el('h2', {}, 'No model is loaded, so nothing can be generated.'), el('p', {}, 'This loads one: ', el('code', {}, 'tessera serve --music DIR --model MODEL')))
    : [wait, result]);
  go.disabled = dice.disabled = styles.canSample === false;
  panel.replaceChildren(el('h1', { class: 'quiet' }, 'Generate music in a style'), el('div', { class: 'music' }, form, main));
  onThemeChange(() => roll.recolor());

  function slider(name, key, min, max, step, title) {
    const output = el('output'), input = el('input', { type: 'range', min, max, step, title });
    input.addEventListener('input', () => { output.textContent = input.value; });
    input.addEventListener('change', () => set({ [key]: input.value }));
    return { element: el('label', { class: 'field' }, el('span', {}, name, output), input), show(value) { input.value = value; output.textContent = value; } };
  }

  function set(change) {
    state = { ...state, ...change };
    paint();
    write('music', address());
  }

  // Defaults stay out of the address, except the style: it depends on what is loaded.
  const address = () => Object.fromEntries(Object.entries(state).filter(([key, value]) => key === 'parent' || value !== defaults[key]).concat(made ? [['made', '1']] : []));

  function paint() {
    parent.value = state.parent;
    const children = styles.parents.find(({ name }) => name === state.parent)?.children ?? [];
    child.replaceChildren(el('option', { value: '' }, 'All of it'), ...children.map(({ name, patterns }) => el('option', { value: name }, `${name} (${patterns})`)));
    child.value = state.child;
    child.disabled = children.length === 0;
    seed.value = state.seed;
    for (const [key, each] of Object.entries(sliders)) each.show(state[key]);
  }

  const ask = latest(async (signal, s) => {
    const style = { parent: s.parent, child: s.child, bias: s.bias };
    const sample = await api('/api/music/sample', { query: { ...style, seed: s.seed, weight: s.weight, temperature: s.temperature, maxLength: s.length }, signal });
    // The first two bars say what was looked for; patterns are a comfort, so their failure is not the music's.
    const query = sample.tokens.split(' BAR').slice(0, 3).join(' BAR').slice(0, 1500);
    const found = await api('/api/music/retrieve', { query: { ...style, query, k: 5 }, signal }).catch(error => { if (error.name === 'AbortError') throw error; return { results: [] }; });
    return { sample, found };
  });

  async function generate(push = true) {
    const key = JSON.stringify(state);
    go.classList.add('busy');
    go.textContent = 'Generating…';
    try {
      const answer = await ask(state);
      if (!answer) return;
      made = key;
      if (push) write('music', address());
      show(answer);
    } catch (error) {
      notice(error.message);
    } finally {
      go.classList.remove('busy');
      go.textContent = 'Generate';
    }
  }

  function show({ sample, found }) {
    music = sample;
    wait.hidden = true;
    result.hidden = false;
    title.textContent = [music.parent, music.child].filter(Boolean).join(' / ');
    const { longestCopy: copy } = music;
    const shared = copy?.length ? `longest span shared with a source: ${plural(copy.length, 'token')} (${copy.source})` : '';
    facts.textContent = [`${plural(music.bars, 'bar')} of ${music.meter ?? '4/4'}`, `${Math.round(music.tempo)} bpm`, plural(music.notes.length, 'note'), `seed ${music.seed}`, shared]
      .filter(Boolean).join(' · ');
    const midi = Uint8Array.from(atob(music.midiBase64), character => character.charCodeAt(0));
    if (download.href) URL.revokeObjectURL(download.href);
    download.href = URL.createObjectURL(new Blob([midi], { type: 'audio/midi' }));
    download.download = `${[music.parent, music.child, music.seed].filter(part => part !== undefined && part !== '').join('-')}.mid`;
    position.max = music.seconds;
    player.load(music.notes, music.seconds);
    roll.load(music);
    tempoSaid();
    tokens.querySelector('code').textContent = music.tokens.replaceAll(' BAR', '\nBAR');
    patterns.replaceChildren(...found.results.map(pattern => el('li', {}, sketch(pattern.notes ?? []), el('div', {},
      el('span', { class: 'member-label' }, [pattern.parent, pattern.child].filter(Boolean).join(' / ')), el('span', { class: 'member-place' }, `${pattern.source}${pattern.bar === undefined ? '' : `, bar ${pattern.bar + 1}`}`)),
      el('span', { class: 'count', title: 'similarity × (1 + bias) × weight' }, pattern.score.toFixed(2)))));
    announce(`${title.textContent}: ${facts.textContent}`);
  }

  /** A pattern as a thumbnail: time across, pitch up. */
  function sketch(notes) {
    const end = Math.max(0.1, ...notes.map(({ start, duration }) => start + duration)), levels = [...new Set(notes.map(({ pitch }) => pitch))].sort((a, b) => b - a), step = 32 / Math.max(3, levels.length);
    return el('svg', { viewBox: '0 0 120 32', class: 'sketch', 'aria-hidden': 'true', preserveAspectRatio: 'none' }, notes.map(({ start, duration, pitch }) =>
      el('rect', { x: start / end * 120, y: levels.indexOf(pitch) * step + step * 0.15, width: Math.max(2, duration / end * 120 - 0.6), height: step * 0.7, rx: 0.8 })));
  }

  function tempoSaid() {
    tempoText.textContent = music ? `${Math.round(music.tempo * player.tempo)} bpm` : '';
    tempo.setAttribute('aria-valuetext', tempoText.textContent);
  }

  function tick() {
    frame = 0;
    const at = player.position;
    // Only when it changes: a press whose icon is exchanged before the release is no click.
    if (shown !== player.playing) {
      shown = player.playing;
      play.replaceChildren(icon(shown ? icons.pause : icons.play));
      play.setAttribute('aria-label', shown ? 'Pause' : 'Play');
    }
    position.value = at;
    position.setAttribute('aria-valuetext', `${clock(at)} of ${clock(player.seconds)}`);
    time.textContent = `${clock(at)} / ${clock(player.seconds)}`;
    roll.move(at, player.playing);
    if (player.playing) frame ||= requestAnimationFrame(tick);
  }

  // Space plays, as in every player, unless the focus is on something that takes it.
  document.addEventListener('keydown', event => {
    if (event.key !== ' ' || panel.hidden || result.hidden || event.target.closest('button, input:not([type="range"]), select, summary, a')) return;
    event.preventDefault();
    play.click();
  });

  return {
    leave: () => player.pause(),
    apply(parameters) {
      state = { ...defaults, parent: styles.parents[0]?.name ?? '' };
      for (const key of Object.keys(defaults)) if (parameters.has(key)) state[key] = parameters.get(key);
      paint();
      if (parameters.has('made') && made !== JSON.stringify(state) && styles.canSample !== false) generate(false);
    },
  };
}
