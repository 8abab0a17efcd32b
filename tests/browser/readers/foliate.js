// The book in Foliate's renderer, paginated, behind the few words that the tests use. Notes open in a dialog where
// `reader.popUps` is set, as in Foliate itself; else they are followed as any other link.
import '/modules/foliate-js/view.js';
import { FootnoteHandler } from '/modules/foliate-js/footnotes.js';
import { common } from './seen.js';

const flat = items => items.flatMap(item => [item, ...flat(item.subitems ?? [])]);
const view = document.createElement('foliate-view');
const notes = new FootnoteHandler();
const dialog = document.createElement('dialog');
let index = 0, note = null;
document.body.append(view, dialog);

const current = () => view.renderer.getContents()[0]?.doc;
const settled = () => new Promise(resolve => setTimeout(resolve, 50));

notes.addEventListener('before-render', ({ detail }) => dialog.replaceChildren(detail.view));
notes.addEventListener('render', ({ detail }) => {
  note = { type: detail.type, hidden: detail.hidden, text: detail.view.renderer.getContents()[0]?.doc.body.textContent
    ?? detail.target.textContent };
});

const report = () => {
  const { renderer } = view;
  index = renderer.getContents()[0].index;
  const last = view.book.sections.findLastIndex(section => section.linear !== 'no');
  return {
    index,
    href: view.book.sections[index].id.replace(/^EPUB\//, ''),
    page: renderer.page,
    last: renderer.page,
    pages: renderer.pages - 2, // it keeps an empty one at either end
    atEnd: index === last && renderer.page >= renderer.pages - 2,
  };
};

window.reader = {
  ...common(current, () => view.getBoundingClientRect()),
  popUps: false,
  open: async url => {
    await view.open(url);
    view.renderer.setAttribute('max-column-count', 1);
    view.addEventListener('link', event => {
      if (!window.reader.popUps) return;
      notes.handle(view.book, event)?.catch(error => console.error(error));
      if (event.defaultPrevented) dialog.showModal();
    });
    await view.init({ showTextStart: false });
    await settled();
    const cover = await createImageBitmap(await view.book.getCover());
    const { title } = view.book.metadata;
    return {
      title: typeof title === 'string' ? title : Object.values(title)[0],
      cover: [cover.width, cover.height],
      toc: flat(view.book.toc).filter(item => item.href).map(item => ({
        label: item.label.trim(), href: item.href.replace(/^EPUB\//, '') })),
      sections: view.book.sections.flatMap((section, i) => section.linear === 'no' ? [] : [i]),
    };
  },
  pageList: () => view.book.pageList?.length ?? 0,
  goTo: async href => {
    await view.goTo(`EPUB/${href}`);
    await settled();
    return report();
  },
  next: async () => {
    await view.next();
    return report();
  },
  place: async () => {
    await settled();
    return report();
  },
  note: () => note,
  closeNote: () => dialog.close(),
  theme: colours => view.renderer.setStyles(`html { color: ${colours.text}; background: ${colours.paper}; }`),
};
window.ready = true;
