// What a reader shows, asked of the document that it has in its frame.

const shownRect = element => {
  const rects = [...element.getClientRects()];
  return rects.find(rect => rect.width > 0 && rect.height > 0) ?? rects[0] ?? element.getBoundingClientRect();
};

// Is the element's beginning on the page that is shown? Its document may be as wide as all of its pages together.
const isOnPage = (element, page) => {
  const frame = element.ownerDocument.defaultView.frameElement.getBoundingClientRect();
  const rect = shownRect(element);
  const left = frame.left + rect.left, top = frame.top + rect.top;
  return left >= page.left - 1 && left <= page.right && top >= page.top - 1 && top <= page.bottom;
};

const luminance = ([red, green, blue]) => {
  const linear = [red, green, blue].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
};

const parseColour = text => {
  const values = text.match(/[\d.]+/g).map(Number);
  return { rgb: values.slice(0, 3), alpha: values[3] ?? 1 };
};

const over = (top, ground) => top.rgb.map((value, i) => value * top.alpha + ground[i] * (1 - top.alpha));

// WCAG 2.2, 1.4.3: the ratio of each text's colour to what lies behind it; `paper` is what lies behind the document.
const contrasts = (doc, paper) => {
  const style = element => doc.defaultView.getComputedStyle(element);
  const ground = element => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.unshift(parseColour(style(e).backgroundColor));
    return layers.reduce((below, layer) => over(layer, below), paper);
  };
  const found = [];
  const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || !element.getClientRects().length || element.closest('svg')) continue;
    const behind = ground(element);
    const [dark, light] = [luminance(over(parseColour(style(element).color), behind)), luminance(behind)].sort();
    const [low, high] = dark < light ? [dark, light] : [light, dark];
    found.push({ text: text.slice(0, 40), element: element.localName, ratio: (high + 0.05) / (low + 0.05) });
  }
  return found;
};

// Elements that reach past the column they stand in, so that a page cuts them off.
const overflowing = doc => {
  const limit = parseFloat(doc.defaultView.getComputedStyle(doc.body).columnWidth) || doc.body.clientWidth;
  // a box that goes on over pages has a rectangle for each
  const isTooWide = element => [...element.getClientRects()].some(rect => rect.width > limit + 2);
  return [...doc.body.querySelectorAll('table, img, svg, pre, math, figure')]
    .filter(element => isTooWide(element) && !element.closest('[data-scrolls]'))
    .map(element => `${element.localName}${element.id ? `#${element.id}` : ''}`);
};

export const common = (current, page) => ({
  text: () => current().body.textContent,
  words: () => current().body.textContent.split(/\s+/).filter(Boolean).length,
  hrefOf: selector => current().querySelector(selector)?.getAttribute('href') ?? null,
  textOf: selector => current().querySelector(selector)?.textContent ?? null,
  countOf: selector => current().querySelectorAll(selector).length,
  click: (selector, nth = 0) => {
    const link = current().querySelectorAll(selector)[nth];
    link.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, view: window }));
    return { href: link.getAttribute('href'), text: link.textContent };
  },
  // false too while a document is being laid out
  shows: id => {
    const doc = current();
    const element = id ? doc?.getElementById(id) : doc?.body;
    return element ? isOnPage(element, page()) : false;
  },
  pictures: () => [...current().querySelectorAll('img')].map(image => image.naturalWidth),
  contrasts: paper => contrasts(current(), paper),
  overflowing: () => overflowing(current()),
});
