// A page of the site that is kept up to date.
import { connect } from '/_octavo/connection.js';
import { Morph, ReloadNeeded, matched } from '/_octavo/morph.js';
import { Overlay } from '/_octavo/overlay.js';

const BLOCKS = 'p, li, dt, dd, pre, table, figure, h1, h2, h3, h4, h5, h6, blockquote, .admonition, .math, .highlight, section > *';
const ASIDE = 'nav, aside, header, footer, [role=navigation], .sphinxsidebar, .toctree-wrapper, .related';
const COLOUR = 'rgb(255 196 0 / 45%)', LIT = 1600; // milliseconds

const isInShell = (() => {
  try { return window.parent !== window && Boolean(window.parent.octavoShell); } catch { return false; }
})();

export const begin = ({ page, digest, copy, liveOf }) => {
  const overlay = isInShell ? null : new Overlay();
  const state = { digest, morph: null, phase: null };

  // The page as the server wrote it, before any script touched it.
  const ready = (async () => {
    if (!digest) return;
    const answer = await fetch(`/_octavo/written/${digest}`);
    if (!answer.ok) return;
    const written = new DOMParser().parseFromString(await answer.text(), 'text/html');
    state.morph = new Morph(written, matched(written, copy, liveOf));
  })().catch(() => {});

  const show = async message => {
    await ready;
    if (message.page !== page || message.digest === state.digest) return;
    if (!state.morph) {
      console.info('Octavo loads the page anew: the server has forgotten what it was');
      return location.reload();
    }
    const { scrollX, scrollY } = window;
    try {
      const changed = state.morph.to(new DOMParser().parseFromString(message.html, 'text/html'));
      state.digest = message.digest;
      window.scrollTo({ left: scrollX, top: scrollY, behavior: 'instant' });
      light(changed);
      await again(changed);
    } catch (error) {
      if (error instanceof ReloadNeeded) console.info(`Octavo loads the page anew: ${error.message}`);
      else console.error(error);
      location.reload();
    }
  };

  // Pages come one after the other, each on top of the last.
  let last = Promise.resolve();
  connect(() => ({ page, digest: state.digest }), {
    page: message => { last = last.then(() => show(message)); },
    problems: ({ problems }) => overlay?.problems(problems),
    state: message => {
      overlay?.state(message);
      if (message.phase === 'ready' && document.documentElement.dataset.octavoWaiting === 'waiting') location.reload();
      document.querySelector('[data-octavo-doing]')?.replaceChildren(doing(message.phase));
    },
    progress: ({ doing: what, done, total }) => {
      const bar = document.querySelector('progress[data-octavo-progress]');
      if (bar && what === 'reading' && total) Object.assign(bar, { max: total, value: done });
    },
    files: ({ names }) => { for (const name of names) renew(name); },
    gone: ({ root }) => { location.href = `/site/${root}`; },
    lost: () => overlay?.lost(true),
    found: () => overlay?.lost(false),
  });
};

const doing = phase => ({ opening: 'Opening the book', reading: 'Reading the book', stopped: 'The book can’t be read' }[phase] ?? '');

// Mark what has changed for a moment, and say where it is if that is out of sight.
const light = changed => {
  const blocks = new Set(changed.filter(e => !e.closest(ASIDE) && document.body.contains(e)).map(e => e.closest(BLOCKS) ?? e));
  const inner = [...blocks].filter(block => ![...blocks].some(other => other !== block && block.contains(other)));
  for (const block of inner) {
    if (!block.getClientRects().length) continue;
    block.animate([{ backgroundColor: COLOUR, boxShadow: `0 0 0 .25em ${COLOUR}`, borderRadius: '.2em' },
      { backgroundColor: 'transparent', boxShadow: '0 0 0 .25em transparent', borderRadius: '.2em' }],
    { duration: LIT, easing: 'ease-in' });
  }
  const shown = inner.filter(block => block.getClientRects().length);
  const isSeen = ({ top, bottom }) => bottom > 0 && top < innerHeight;
  if (shown.length && !shown.some(block => isSeen(block.getBoundingClientRect()))) pointTo(shown[0]);
  document.dispatchEvent(new CustomEvent('octavo:lit', { detail: inner }));
};

// A small sign that leads to a change out of sight.
const pointTo = block => {
  document.querySelector('octavo-pointer')?.remove();
  const sign = document.createElement('octavo-pointer');
  const root = sign.attachShadow({ mode: 'open' });
  const isAbove = block.getBoundingClientRect().top < 0;
  root.innerHTML = `<style>
    button { all: unset; position: fixed; inset-inline: 0; margin-inline: ${isAbove ? 'auto' : '1rem auto'}; width: max-content;
      z-index: 2147483646; ${isAbove ? 'top' : 'bottom'}: 1rem; padding: .4rem 1rem; border-radius: 2rem; cursor: pointer;
      font: 600 .875rem/1.4 system-ui, sans-serif; color: #fff; background: #1f2937; box-shadow: 0 2px 8px rgb(0 0 0 / 30%); }
    button:focus-visible { outline: 3px solid #f59e0b; outline-offset: 2px; }
  </style><button>Changed ${isAbove ? 'above ↑' : 'below ↓'}</button>`;
  const remove = () => sign.remove();
  root.querySelector('button').addEventListener('click', () => {
    block.scrollIntoView({ block: 'center' });
    light([block]);
    remove();
  });
  document.documentElement.append(sign);
  setTimeout(remove, 6000);
};

// What scripts do to a page when it is loaded, they do to the changed parts as well.
const again = async elements => {
  document.dispatchEvent(new CustomEvent('octavo:updated', { detail: elements }));
  const homes = elements.map(e => e.closest('.math') ?? e).filter(e => e.matches('.math') || e.querySelector('.math'));
  if (!homes.length) return;
  if (window.MathJax?.typesetPromise) {
    window.MathJax.typesetClear?.(homes);
    await window.MathJax.typesetPromise(homes);
  } else if (window.renderMathInElement) {
    for (const home of homes) window.renderMathInElement(home, window.katex_options ?? {});
  }
};

// A picture or a style sheet with the same name and another content.
const renew = name => {
  const wanted = new URL(`/site/${name}`, location.href).pathname;
  if (/\.m?js$/.test(name) && [...document.scripts].some(s => s.src && new URL(s.src).pathname === wanted)) {
    return location.reload();
  }
  for (const [selector, attribute] of [['img', 'src'], ['link[rel~=stylesheet]', 'href'], ['source', 'srcset'], ['object', 'data']]) {
    for (const element of document.querySelectorAll(`${selector}[${attribute}]`)) {
      const url = new URL(element.getAttribute(attribute), location.href);
      if (url.pathname !== wanted) continue;
      url.searchParams.set('octavo', Date.now());
      element.setAttribute(attribute, url.href);
      if (selector === 'img') light([element]);
    }
  }
};
