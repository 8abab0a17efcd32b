// The book in epub.js, paginated, behind the few words that the tests use.
import { common } from './seen.js';

const flat = items => items.flatMap(item => [item, ...flat(item.subitems ?? [])]);
const box = document.getElementById('page');
let book, rendition, place;

const current = () => rendition.getContents()[0]?.document;
const settled = () => new Promise(resolve => setTimeout(resolve, 50));
const sectionOf = href => book.spine.get(href.split('#')[0]);

const report = () => {
  const { start, end, atEnd } = rendition.currentLocation();
  place = { index: start.index, href: start.href, page: start.displayed.page, last: end.displayed.page };
  return { ...place, pages: end.displayed.total, atEnd: Boolean(atEnd) };
};

window.reader = {
  ...common(current, () => box.getBoundingClientRect()),
  open: async url => {
    book = window.ePub(url, { openAs: 'epub' });
    rendition = book.renderTo(box, { width: '100%', height: '100%', flow: 'paginated', spread: 'none' });
    await book.ready;
    await rendition.display();
    await settled();
    const coverUrl = await book.coverUrl();
    const cover = new Image();
    cover.src = coverUrl;
    await cover.decode();
    return {
      title: book.packaging.metadata.title,
      cover: [cover.naturalWidth, cover.naturalHeight],
      toc: flat(book.navigation.toc).filter(item => item.href).map(item => ({ label: item.label.trim(), href: item.href })),
      sections: book.spine.spineItems.filter(item => item.linear).map(item => item.index),
    };
  },
  pageList: () => book.pageList.pageList?.length ?? 0,
  goTo: async href => {
    // its anchors are known only when the page is laid out: once to load, once to go there
    await rendition.display(href);
    await settled();
    return report();
  },
  hasSection: href => Boolean(sectionOf(href)),
  next: async () => {
    await rendition.next();
    await settled();
    return report();
  },
  place: async () => {
    await settled();
    return report();
  },
  theme: colours => {
    rendition.themes.register('chosen', { body: { color: colours.text, background: colours.paper } });
    rendition.themes.select('chosen');
  },
};
window.ready = true;
