// The EPUB in Foliate's renderer; when it is built anew, it opens where it was.
import '/_octavo/vendor/foliate-js/view.js';
import { connect } from '/_octavo/connection.js';

const $ = selector => document.querySelector(selector);
const SMALLEST = 70, LARGEST = 220, STEP = 10; // per cent
let view = null, shown = null, size = Number(sessionStorage.getItem('octavo-size')) || 100;
let last = Promise.resolve();

const style = () => `
  @media (prefers-color-scheme: dark) { :root { color-scheme: dark; background: #161c28; color: #e5e7eb; } a:link { color: #93c5fd; } }
  :root { font-size: ${size}%; }`;

const listOf = items => {
  const list = document.createElement('ol');
  for (const { label, href, subitems } of items) {
    const item = document.createElement('li');
    const link = document.createElement(href ? 'button' : 'span');
    link.textContent = label?.trim() ?? '';
    if (href) link.addEventListener('click', () => { view.goTo(href); openContents(false); });
    item.append(link);
    if (subitems?.length) item.append(listOf(subitems));
    list.append(item);
  }
  return list;
};

const openContents = isOpen => {
  $('#contents').hidden = !isOpen;
  $('#contents-button').setAttribute('aria-expanded', isOpen);
};

const turn = event => {
  if (event.key === 'ArrowLeft' || event.key === 'PageUp') view?.goLeft();
  else if (event.key === 'ArrowRight' || event.key === 'PageDown') view?.goRight();
  else if (event.key === 'Escape') openContents(false);
};

const show = async version => {
  if (!version || version === shown) return;
  const at = view?.lastLocation;
  const old = view;
  const next = document.createElement('foliate-view');
  next.addEventListener('relocate', ({ detail }) => {
    const page = detail.pageItem?.label && `p. ${detail.pageItem.label}`;
    const part = `${Math.round(100 * (detail.fraction ?? 0))} %`;
    $('#place').textContent = [detail.tocItem?.label?.trim(), page, part].filter(Boolean).join(' · ');
  });
  next.addEventListener('load', ({ detail: { doc } }) => doc.addEventListener('keydown', turn));
  // the old version stays on the screen until the new one is laid out
  $('#book').append(next);
  const answer = await fetch(`/epub/book.epub?${version}`);
  if (!answer.ok) return next.remove();
  await next.open(new File([await answer.blob()], 'book.epub', { type: 'application/epub+zip' }));
  next.renderer.setStyles?.(style());
  await next.init({ lastLocation: at?.cfi, showTextStart: false });
  old?.close();
  old?.remove();
  view = next;
  shown = version;
  window.octavoBook = { view, version };
  $('#contents').replaceChildren(listOf(view.book.toc ?? []));
  document.title = typeof view.book.metadata?.title === 'string' ? view.book.metadata.title : 'EPUB';
};

const resize = change => {
  size = Math.min(LARGEST, Math.max(SMALLEST, size + change));
  sessionStorage.setItem('octavo-size', size);
  view?.renderer.setStyles?.(style());
};

const take = books => { last = last.then(() => show(books?.epub?.version)).catch(error => console.error(error)); };

connect(() => ({ page: null }), {
  state: ({ books }) => books && take(books),
  books: ({ books }) => take(books),
});
$('#left').addEventListener('click', () => view?.goLeft());
$('#right').addEventListener('click', () => view?.goRight());
$('#smaller').addEventListener('click', () => resize(-STEP));
$('#larger').addEventListener('click', () => resize(STEP));
$('#contents-button').addEventListener('click', () => openContents($('#contents').hidden));
document.addEventListener('keydown', turn);
