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
let systems = [];
let current = null;

const kinds = { colors: ['colors'], hierarchy: ['code', 'index', 'ids'], music: ['music'] };
const systemsOf = name => systems.filter(({ kind }) => kinds[name].includes(kind));
const has = name => systemsOf(name).length > 0;

/** The tab of the address; without one, the first whose system is there. */
const wanted = () => {
  const tab = read().get('tab');
  return names.includes(tab) ? tab : names.find(has) ?? 'colors';
};

/** Waits while all that a tab shows is still loading. Asking for it would be answered 503. */
async function loaded(name) {
  for (let wait = 40; has(name) && systemsOf(name).every(({ state }) => state === 'loading'); wait = Math.min(1000, wait * 1.4)) {
    await new Promise(resolve => setTimeout(resolve, wait));
    systems = (await api('/api/systems')).systems;
    // Most are there before a message could be read.
    if (wait > 200 && current === name && !tabs.get(name).opening) tabs.get(name).panel.replaceChildren(message(`Loading ${systemsOf(name)[0]?.title} …`));
  }
}

const message = (title, ...text) => el('div', { class: 'empty' }, el('h2', {}, title), text.length > 0 && el('p', {}, text));

async function show(name) {
  if (current !== name) {
    for (const [other, { button, panel }] of tabs) {
      const on = other === name;
      button.setAttribute('aria-selected', on);
      button.tabIndex = on ? 0 : -1;
      panel.hidden = !on;
    }
    tabs.get(current)?.opening?.then(tab => tab.leave?.(), () => {});
    current = name;
    document.title = `${tabs.get(name).button.textContent} · Tessera`;
  }
  const tab = tabs.get(name), address = location.search;
  try {
    // The module comes while the system loads.
    const module = modules[name]();
    await loaded(name);
    if (address !== location.search || current !== name) return;
    const [sentence, command] = missing[name], failed = systemsOf(name).filter(({ state }) => state === 'failed');
    if (!has(name)) tab.panel.replaceChildren(message(sentence, 'This loads them: ', el('code', {}, command)));
    else if (failed.length === systemsOf(name).length) tab.panel.replaceChildren(message('This could not be loaded.', failed.map(({ error }) => error).join(' ')));
    else (await (tab.opening ??= module.then(({ open }) => open(tab.panel)))).apply(read());
  } catch (error) {
    tab.opening = null;
    tab.panel.replaceChildren(message('This tab could not be opened.', error.message));
  }
}

function choose(name) {
  if (name === current) return;
  tabs.get(current).address = location.search;
  // Each tab comes back as it was left.
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

// Most pages begin with colours; their modules need not wait for the list of systems.
if (!read().has('tab')) modules.colors();
try {
  systems = (await api('/api/systems')).systems;
} catch (error) {
  notice(error.message);
}
await show(wanted());
