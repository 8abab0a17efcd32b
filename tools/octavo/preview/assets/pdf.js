// The PDF in pdf.js; when it is built anew, the same place of it stays on the screen.
import * as pdfjsLib from '/_octavo/vendor/pdfjs/pdf.min.mjs';
import { connect } from '/_octavo/connection.js';

globalThis.pdfjsLib = pdfjsLib;
pdfjsLib.GlobalWorkerOptions.workerSrc = '/_octavo/vendor/pdfjs/pdf.worker.min.mjs';
const { EventBus, LinkTarget, PDFLinkService, PDFViewer } = await import('/_octavo/vendor/pdfjs/pdf_viewer.mjs');

const $ = selector => document.querySelector(selector);
const container = $('#pages');
const eventBus = new EventBus();
const linkService = new PDFLinkService({ eventBus, externalLinkTarget: LinkTarget.BLANK });
const viewer = new PDFViewer({ container, viewer: $('.pdfViewer'), eventBus, linkService, removePageBorders: false });
linkService.setViewer(viewer);
const worker = new pdfjsLib.PDFWorker(); // one for all versions: to start another takes longer than to read the PDF
let shown = null, loaded = null, last = Promise.resolve();

const once = name => new Promise(resolve => eventBus.on(name, resolve, { once: true }));

const show = async version => {
  if (!version || version === shown) return;
  // as a whole: the file at this address may be another a moment later
  const next = await pdfjsLib.getDocument({ url: `/pdf/book.pdf?${version}`, isEvalSupported: false, worker,
    disableRange: true, disableStream: true }).promise;
  const place = loaded && { top: container.scrollTop, left: container.scrollLeft, scale: viewer.currentScaleValue,
    page: viewer.currentPageNumber };
  const ready = once('pagesinit');
  viewer.setDocument(next);
  linkService.setDocument(next, null);
  await ready;
  viewer.currentScaleValue = place?.scale ?? 'page-width';
  if (place) {
    viewer.currentPageNumber = Math.min(place.page, next.numPages);
    container.scrollTo({ top: place.top, left: place.left, behavior: 'instant' });
  }
  const old = loaded;
  loaded = next;
  shown = version;
  await old?.loadingTask.destroy();
  $('#count').textContent = `of ${next.numPages}`;
  number();
  window.octavoBook = { viewer, version };
};

const number = () => {
  const label = viewer.currentPageLabel;
  $('#number').value = viewer.currentPageNumber;
  $('#place').textContent = label ? `p. ${label}` : '';
};

const take = books => { last = last.then(() => show(books?.pdf?.version)).catch(error => console.error(error)); };

eventBus.on('pagechanging', number);
connect(() => ({ page: null }), {
  state: ({ books }) => books && take(books),
  books: ({ books }) => take(books),
});
$('#previous').addEventListener('click', () => viewer.previousPage());
$('#next').addEventListener('click', () => viewer.nextPage());
$('#smaller').addEventListener('click', () => viewer.decreaseScale());
$('#larger').addEventListener('click', () => viewer.increaseScale());
$('#width').addEventListener('click', () => { viewer.currentScaleValue = 'page-width'; });
$('#number').addEventListener('change', () => { viewer.currentPageNumber = Number($('#number').value) || 1; number(); });
addEventListener('resize', () => {
  if (['page-width', 'page-fit', 'auto'].includes(viewer.currentScaleValue)) viewer.currentScaleValue = viewer.currentScaleValue;
});
