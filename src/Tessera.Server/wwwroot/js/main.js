// The shell: tabs, theme, and which systems the server has. A tab's module is loaded when it is first opened.

import { api } from './api.js';
import { el, notice } from './dom.js';
import { read, write } from './url.js';

const modules = {
  colors: () => import('./colors/colors.js'),
  hierarchy: () => import('./hierarchy/hierarchy.js'),
  music: () => import('./music/music.js'),
};
const names = Object.keys(modules);
const missing = {
  colors: ['No images are loaded.', 'tessera serve --colors photos.tcol'],
  hierarchy: ['No tree is loaded.', 'tessera serve --code FOLDER'],
  music: ['No style packs are loaded.', 'tessera serve --music DIR --model MODEL'],
};

const tabs = new Map(names.map(name => [name, { button: document.getElementById(`tab-${name}`), panel: document.getElementById(`panel-${name}`), opening: null, address: null }]));
let systems = null;
let current = null;

const has = name => systems === null || (name === 'hierarchy'
  ? systems.some(system => ['code', 'index', 'ids'].includes(system.kind))
  : systems.some(system => system.kind === name));

/** The tab of the address; without one, the first whose system is there. */
const wanted = () => {
  const tab = read().get('tab');
  return names.includes(tab) ? tab : names.find(has) ?? 'colors';
};

async function show(name) {
  if (current !== name) {
    // Each tab comes back as it was left.
    for (const [other, { button, panel }] of tabs) {
      const on = other === name;
      button.setAttribute('aria-selected', on);
      button.tabIndex = on ? 0 : -1;
      panel.hidden = !on;
    }
    if (current) (await tabs.get(current).opening)?.leave?.();
    current = name;
    document.title = `${tabs.get(name).button.textContent} · Tessera`;
  }
  const tab = tabs.get(name);
  if (!has(name)) {
    const [sentence, command] = missing[name];
    tab.panel.replaceChildren(el('div', { class: 'empty' }, el('h2', {}, sentence), el('p', {}, 'This loads them: ', el('code', {}, command))));
    return;
  }
  try {
    if (!tab.opening) tab.opening = modules[name]().then(module => module.open(tab.panel));
    (await tab.opening).apply(read());
  } catch (error) {
    tab.opening = null;
    tab.panel.replaceChildren(el('div', { class: 'empty' }, el('h2', {}, 'This tab could not be opened.'), el('p', {}, error.message)));
  }
}

function choose(name) {
  if (name === current) return;
  tabs.get(current).address = location.search;
  const kept = tabs.get(name).address;
  if (kept) history.pushState(null, '', kept);
  else write(name, {});
  show(name);
}

for (const [name, { button }] of tabs) {
  button.addEventListener('click', () => choose(name));
  button.addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step ? names[(names.indexOf(name) + step + names.length) % names.length] : { Home: names[0], End: names.at(-1) }[event.key];
    if (!next) return;
    event.preventDefault();
    tabs.get(next).button.focus();
    choose(next);
  });
}

function startTheme() {
  const button = document.getElementById('theme'), root = document.documentElement, system = matchMedia('(prefers-color-scheme: dark)');
  const dark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : system.matches);
  const tell = () => button.setAttribute('aria-pressed', dark());
  button.addEventListener('click', () => {
    root.dataset.theme = dark() ? 'light' : 'dark';
    localStorage.setItem('theme', root.dataset.theme);
    tell();
    dispatchEvent(new Event('themechange'));
  });
  system.addEventListener('change', tell);
  tell();
}

addEventListener('popstate', () => show(wanted()));
startTheme();

// With a tab in the address nothing waits for the list of systems: what the tab asks for is asked at once.
const first = read().has('tab') ? show(wanted()) : Promise.resolve();
try {
  systems = (await api('/api/systems')).systems;
} catch (error) {
  notice(error.message);
}
await first;
if (!current || !has(current)) await show(wanted());
