// The page at `/`: the site, the EPUB and the PDF in tabs or side by side, and what is wrong with the book.
import { connect } from '/_octavo/connection.js';
import { Overlay } from '/_octavo/overlay.js';

window.octavoShell = true; // pages of the site leave their overlay to this one
const $ = selector => document.querySelector(selector);
const frames = Object.fromEntries(['site', 'epub', 'pdf'].map(name => [name, $(`#view-${name} iframe`)]));
const tabs = Object.fromEntries(Object.keys(frames).map(name => [name, $(`#tab-${name}`)]));
const overlay = new Overlay();
const NOTICE = 8000; // milliseconds
let chosen = 'site', root = null, phase = '', title = '', books = {}, progress = null, timer;

// `#site/chapter.html#section`, `#epub`, `#pdf`: what is shown survives a reload.
const fromHash = () => {
  const [, view, page] = location.hash.match(/^#(site|epub|pdf)(?:\/(.*))?$/) ?? [];
  return { view: view ?? 'site', page: page ?? '' };
};

const load = name => {
  const frame = frames[name];
  if (frame.src) return;
  if (name === 'site') frame.src = `/site/${fromHash().view === 'site' ? fromHash().page : ''}`;
  else if (books[name]?.version) frame.src = `/${name}/`;
};

const layOut = () => {
  const together = $('#together').getAttribute('aria-pressed') === 'true';
  const views = Object.keys(frames).filter(name => !tabs[name].hidden);
  $('#views').classList.toggle('together', together);
  $('#views').style.setProperty('--count', views.length);
  for (const name of Object.keys(frames)) {
    const isShown = !tabs[name].hidden && (together || name === chosen);
    $(`#view-${name}`).hidden = !isShown;
    tabs[name].setAttribute('aria-selected', name === chosen);
    tabs[name].tabIndex = name === chosen ? 0 : -1;
    if (isShown) load(name);
  }
};

const choose = name => {
  chosen = name;
  layOut();
  remember();
};

const sitePage = () => {
  try { return decodeURI(frames.site.contentWindow.location.pathname).replace(/^\/site\//, ''); } catch { return ''; }
};

const remember = () => {
  const fragment = chosen === 'site' ? `site/${sitePage()}${frames.site.contentWindow?.location.hash ?? ''}` : chosen;
  history.replaceState(null, '', `#${fragment}`);
};

const say = () => {
  const doing = { opening: 'Opening the book', reading: 'Reading', stopped: 'Can’t be read' }[phase];
  const building = Object.values(books).some(({ building }) => building) && 'Building the books';
  const writing = progress?.doing === 'writing' && `Writing pages, ${progress.done} of ${progress.total}`;
  $('#status').textContent = doing ?? ([writing, building].filter(Boolean).join(' · ') || 'Up to date');
  $('#progress').hidden = phase !== 'reading' || !progress;
  if (progress && phase === 'reading') Object.assign($('#progress'), { max: progress.total || 1, value: progress.done });
  $('#title').textContent = title || 'Octavo';
  document.title = title ? `${title} – Octavo` : 'Octavo';
};

const shelve = found => {
  books = found;
  for (const name of ['epub', 'pdf']) {
    const book = books[name];
    tabs[name].hidden = !book;
    if (!book) continue;
    tabs[name].classList.toggle('building', book.building);
    tabs[name].classList.toggle('missing', !book.version);
    tabs[name].title = book.building ? 'Being built' : book.version ? book.name : 'Not built yet';
  }
  layOut();
  say();
};

const notify = page => {
  if (page === sitePage()) return;
  $('#notice span').textContent = `${page.replace(/\.html$/, '')} changed`;
  $('#notice').hidden = false;
  $('#notice button').onclick = () => {
    frames.site.contentWindow.location.href = `/site/${page}`;
    $('#notice').hidden = true;
    choose('site');
  };
  clearTimeout(timer);
  timer = setTimeout(() => { $('#notice').hidden = true; }, NOTICE);
};

connect(() => ({ page: null }), {
  state: message => {
    ({ phase, title } = message);
    root ??= message.root;
    progress = null;
    if (message.books) shelve(message.books);
    say();
  },
  books: message => shelve(message.books),
  problems: ({ problems }) => overlay.problems(problems),
  progress: message => { progress = message; say(); },
  settled: () => { progress = null; say(); },
  edited: ({ page }) => { progress = null; say(); notify(page); },
  lost: () => overlay.lost(true),
  found: () => overlay.lost(false),
});

for (const [name, tab] of Object.entries(tabs)) tab.addEventListener('click', () => choose(name));
$('#tabs').addEventListener('keydown', ({ key }) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (!step) return;
  const names = Object.keys(tabs).filter(name => !tabs[name].hidden);
  const next = names[(names.indexOf(chosen) + step + names.length) % names.length];
  choose(next);
  tabs[next].focus();
});
$('#together').addEventListener('click', ({ currentTarget: button }) => {
  button.setAttribute('aria-pressed', button.getAttribute('aria-pressed') !== 'true');
  layOut();
});
frames.site.addEventListener('load', () => {
  if (chosen === 'site') remember();
  frames.site.contentWindow.addEventListener('hashchange', remember);
});
chosen = fromHash().view;
load('site');
layOut();
