// What is wrong with the book, over the page: a badge with the counts, and a list of findings with file and line.
const STYLE = `
  :host { all: initial; color-scheme: light dark; font: 400 14px/1.5 system-ui, sans-serif; }
  * { box-sizing: border-box; }
  [hidden] { display: none !important; }
  .badge { all: unset; position: fixed; right: 1rem; bottom: 1rem; z-index: 2147483647; padding: .45rem .9rem; cursor: pointer;
    border-radius: 2rem; font-weight: 600; color: #fff; background: #92400e; box-shadow: 0 2px 10px rgb(0 0 0 / 30%); }
  .badge.error { background: #b91c1c; }
  .badge.lost { background: #374151; }
  button:focus-visible, .badge:focus-visible { outline: 3px solid #f59e0b; outline-offset: 2px; }
  .panel { position: fixed; right: 1rem; bottom: 1rem; z-index: 2147483647; width: min(46rem, calc(100vw - 2rem));
    max-height: min(60vh, 34rem); display: flex; flex-direction: column; border-radius: .6rem; overflow: hidden;
    color: light-dark(#1f2937, #e5e7eb); background: light-dark(#fff, #1b2230);
    box-shadow: 0 6px 30px rgb(0 0 0 / 35%); border: 1px solid light-dark(#d1d5db, #374151); }
  header { display: flex; align-items: center; gap: .75rem; padding: .6rem .6rem .6rem 1rem;
    border-bottom: 1px solid light-dark(#e5e7eb, #374151); }
  h2 { margin: 0; font-size: 1rem; flex: 1; }
  header button { all: unset; cursor: pointer; width: 2rem; height: 2rem; text-align: center; border-radius: .4rem;
    font-size: 1.2rem; line-height: 2rem; }
  header button:hover { background: light-dark(#f3f4f6, #2a3344); }
  ol { margin: 0; padding: 0; list-style: none; overflow: auto; overscroll-behavior: contain; }
  li { padding: .6rem 1rem; border-left: .25rem solid #d97706; }
  li + li { border-top: 1px solid light-dark(#e5e7eb, #374151); }
  li.error { border-left-color: #dc2626; }
  .place { font: 600 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
  .rule { color: light-dark(#6b7280, #9ca3af); font-size: 12px; margin-inline-start: .75em; }
  .text { overflow-wrap: anywhere; }
  .hint { color: light-dark(#4b5563, #9ca3af); }
  pre { margin: .4rem 0 0; padding: .5rem; font: 12px/1.45 ui-monospace, monospace; white-space: pre-wrap;
    background: light-dark(#f3f4f6, #111827); border-radius: .3rem; }
`;
const counted = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`;
const MOST_SHOWN = 200;
const KNOWN = 'octavo-known';

export class Overlay {
  constructor(home = document.documentElement) {
    const host = document.createElement('octavo-overlay');
    this.root = host.attachShadow({ mode: 'open' });
    this.root.innerHTML = `<style>${STYLE}</style>
      <button class="badge" hidden></button>
      <section class="panel" aria-labelledby="title" hidden>
        <header><h2 id="title" role="status"></h2><button class="close" title="Close" aria-label="Close">×</button></header>
        <ol tabindex="0" aria-labelledby="title"></ol>
      </section>`;
    this.badge = this.root.querySelector('.badge');
    this.panel = this.root.querySelector('.panel');
    this.list = this.root.querySelector('ol');
    this.badge.addEventListener('click', () => this.open(true));
    this.root.querySelector('.close').addEventListener('click', () => this.open(false));
    this.panel.addEventListener('keydown', ({ key }) => { if (key === 'Escape') this.open(false); });
    this.known = JSON.parse(sessionStorage.getItem(KNOWN)); // kept when a page is loaded anew
    this.found = [];
    home.append(host);
  }

  // All findings that stand. One that is new since the last time opens the list; when none is left, all goes.
  problems(found) {
    const keys = found.map(key);
    const isNew = this.known !== null && keys.some(one => !this.known.includes(one));
    const isFatal = found.some(problem => !problem.rule);
    this.known = keys;
    sessionStorage.setItem(KNOWN, JSON.stringify(keys));
    this.found = found;
    this.list.replaceChildren(...found.slice(0, MOST_SHOWN).map(item));
    if (found.length > MOST_SHOWN) this.list.append(element('li', 'more', `and ${found.length - MOST_SHOWN} more`));
    const errors = found.filter(({ severity }) => severity === 'error').length;
    const counts = [errors && counted(errors, 'error'), found.length - errors && counted(found.length - errors, 'warning')];
    this.counts = counts.filter(Boolean).join(', ');
    this.root.querySelector('h2').textContent = this.counts;
    this.badge.classList.toggle('error', errors > 0);
    this.open(found.length > 0 && (isNew || isFatal || !this.panel.hidden));
  }

  state() {}

  lost(isLost) {
    this.isLost = isLost;
    this.open(!this.panel.hidden);
  }

  open(isOpen) {
    this.panel.hidden = !isOpen || !this.found.length;
    this.badge.textContent = this.isLost ? 'The preview has ended' : this.counts ?? '';
    this.badge.classList.toggle('lost', Boolean(this.isLost));
    this.badge.hidden = !this.panel.hidden || !(this.isLost || this.found.length);
  }
}

const key = ({ place, rule, text, severity }) => JSON.stringify([place, rule, text, severity]);

const element = (name, className, text) => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};

const item = ({ severity, place, rule, text, hint, formats, details }) => {
  const made = element('li', severity, '');
  const first = element('div', '', '');
  first.append(element('span', 'place', place || severity));
  first.append(element('span', 'rule', [rule, formats].filter(Boolean).join(' · ')));
  made.append(first, element('div', 'text', text));
  if (hint) made.append(element('div', 'hint', hint));
  if (details) made.append(element('pre', '', details));
  return made;
};
