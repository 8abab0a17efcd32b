// From one version of a page to the next, in place.
//
// What is compared is the old and the new page as the server wrote them; only where these two differ is the document
// that the reader sees touched. So what scripts have made of the rest (formulas, copy buttons, opened tabs) stays.

const MOST_COMPARED = 40_000; // pairs of children; beyond, children are paired in order

// Elements that the page's own scripts set up once, when it is loaded.
const SET_UP_ONCE = '.sphinx-tabs, .mermaid, .thebe, .jupyter_cell, [data-octavo-reload]';

export class ReloadNeeded extends Error {}

const isBlank = node => node.nodeType === Node.TEXT_NODE && !node.data.trim();
const same = (a, b) => a.isEqualNode(b) || (isBlank(a) && isBlank(b) && !a.parentElement?.closest('pre'));
const isScript = node => node.localName === 'script' && (!node.type || /javascript|module/.test(node.type));
const runsScripts = node => node.nodeType === Node.ELEMENT_NODE
  && (isScript(node) || node.matches(SET_UP_ONCE) || [...node.querySelectorAll('script')].some(isScript)
    || node.querySelector(SET_UP_ONCE));
const alike = (a, b) => a.nodeName === b.nodeName && a.nodeType === b.nodeType
  && (a.nodeType !== Node.ELEMENT_NODE || a.id === b.id || !a.id || !b.id);

export class Morph {
  // old: the document as the server wrote it; liveOf: its nodes -> the nodes that are seen.
  constructor(old, liveOf) {
    this.old = old;
    this.liveOf = liveOf;
  }

  // Bring what is seen to `next`; returns the elements that changed. Throws ReloadNeeded.
  to(next) {
    this.changed = new Set();
    this.patch(this.old.head, next.head);
    this.patch(this.old.body, next.body);
    const { lang, dir } = next.documentElement;
    Object.assign(document.documentElement, { lang, dir });
    return [...this.changed].filter(element => element.isConnected);
  }

  patch(mine, next) {
    if (isScript(mine)) throw new ReloadNeeded('a script changed');
    if (mine.localName !== 'body' && mine.localName !== 'head') this.attributes(mine, next);
    const old = [...mine.childNodes], fresh = [...next.childNodes];
    let start = 0, oldEnd = old.length, freshEnd = fresh.length;
    while (start < oldEnd && start < freshEnd && same(old[start], fresh[start])) start++;
    while (oldEnd > start && freshEnd > start && same(old[oldEnd - 1], fresh[freshEnd - 1])) { oldEnd--; freshEnd--; }
    this.children(mine, old.slice(start, oldEnd), fresh.slice(start, freshEnd), old[oldEnd] ?? null);
  }

  // Between two children that stay: `old` becomes `fresh`. end: the old child after them, or null.
  children(mine, old, fresh, end) {
    const kept = commonOf(old, fresh);
    let i = 0, j = 0;
    for (const [oldAt, freshAt] of [...kept, [old.length, fresh.length]]) {
      const gone = old.slice(i, oldAt), come = fresh.slice(j, freshAt);
      this.gap(mine, gone, come, old[oldAt] ?? end);
      i = oldAt + 1;
      j = freshAt + 1;
    }
  }

  // No child of `gone` is the same as one of `come`: those of one kind are taken for new versions, in order.
  gap(mine, gone, come, end) {
    const waiting = [...gone];
    for (const next of come) {
      const at = waiting.findIndex(node => alike(node, next));
      if (at >= 0) {
        for (const node of waiting.splice(0, at)) this.remove(mine, node);
        const [node] = waiting.splice(0, 1);
        this.update(mine, node, next);
      } else {
        this.insert(mine, next, waiting[0] ?? end);
      }
    }
    for (const node of waiting) this.remove(mine, node);
  }

  update(parent, mine, next) {
    const live = this.liveOf.get(mine);
    if (!live?.isConnected || !this.corresponds(mine, live)) {
      this.replace(parent, mine, next);
    } else if (mine.nodeType === Node.ELEMENT_NODE) {
      this.patch(mine, next);
    } else if (mine.data !== next.data) {
      if (live.data === mine.data) {
        live.data = mine.data = next.data;
        this.note(live.parentElement);
      } else {
        this.replace(parent, mine, next);
      }
    }
  }

  // Is what is seen still made of the same children (there may be more of them)?
  corresponds(mine, live) {
    for (const child of mine.childNodes) {
      const seen = this.liveOf.get(child);
      if (!isBlank(child) && (!seen || seen.parentNode !== live)) return false;
    }
    return live.nodeType === mine.nodeType;
  }

  replace(parent, mine, next) {
    if (runsScripts(next) || runsScripts(mine)) throw new ReloadNeeded('scripts would have to run again');
    const live = this.liveOf.get(mine), home = this.liveOf.get(parent);
    const copy = document.importNode(next, true);
    if (live?.parentNode && live.parentNode === home) {
      live.replaceWith(copy);
      mine.replaceWith(next);
      this.pair(next, copy);
      this.note(copy.nodeType === Node.ELEMENT_NODE ? copy : copy.parentElement);
    } else {
      throw new ReloadNeeded('the place of a change is not there any more');
    }
  }

  insert(parent, next, before) {
    if (runsScripts(next)) throw new ReloadNeeded('scripts would have to run');
    const home = this.liveOf.get(parent);
    if (!home?.isConnected) throw new ReloadNeeded('the place of a change is not there any more');
    const copy = document.importNode(next, true);
    const after = before && this.liveOf.get(before);
    const previous = this.lastSeen(before ? before.previousSibling : parent.lastChild);
    if (after && after.parentNode === home) home.insertBefore(copy, after);
    else if (previous && previous.parentNode === home) previous.after(copy);
    else home.append(copy);
    parent.insertBefore(next, before);
    this.pair(next, copy);
    if (!isBlank(copy)) this.note(copy.nodeType === Node.ELEMENT_NODE ? copy : home);
  }

  remove(parent, mine) {
    if (isScript(mine)) throw new ReloadNeeded('a script went');
    const live = this.liveOf.get(mine), home = this.liveOf.get(parent);
    if (live?.parentNode === home) {
      live.remove();
      if (!isBlank(mine)) this.note(home);
    }
    mine.remove();
  }

  attributes(mine, next) {
    const live = this.liveOf.get(mine);
    for (const name of new Set([...mine.getAttributeNames(), ...next.getAttributeNames()])) {
      const was = mine.getAttribute(name), is = next.getAttribute(name);
      if (was === is) continue;
      if (is === null) mine.removeAttribute(name); else mine.setAttribute(name, is);
      if (!live) continue;
      if (name === 'class') {
        const before = new Set((was ?? '').split(/\s+/).filter(Boolean));
        const now = new Set((is ?? '').split(/\s+/).filter(Boolean));
        for (const word of before) if (!now.has(word)) live.classList.remove(word);
        for (const word of now) if (!before.has(word)) live.classList.add(word);
      } else if (is === null) {
        live.removeAttribute(name);
      } else {
        live.setAttribute(name, is);
      }
      if (name !== 'id' && name !== 'href') this.note(live);
    }
  }

  pair(mine, live) {
    this.liveOf.set(mine, live);
    for (let i = 0; i < mine.childNodes.length; i++) {
      if (live.childNodes[i]) this.pair(mine.childNodes[i], live.childNodes[i]);
    }
  }

  lastSeen(mine) {
    for (let node = mine; node; node = node.previousSibling) {
      const live = this.liveOf.get(node);
      if (live?.isConnected) return live;
    }
    return null;
  }

  note(element) {
    if (element && element !== document.body && element !== document.head) this.changed.add(element);
  }
}

// Positions of the longest common subsequence of two lists of nodes.
const commonOf = (old, fresh) => {
  if (!old.length || !fresh.length || old.length * fresh.length > MOST_COMPARED) return [];
  const width = fresh.length + 1;
  const longest = new Uint16Array((old.length + 1) * width);
  const equal = new Uint8Array(old.length * fresh.length);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      const is = !isBlank(old[i]) && same(old[i], fresh[j]);
      equal[i * fresh.length + j] = is;
      longest[i * width + j] = is ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const found = [];
  for (let i = 0, j = 0; i < old.length && j < fresh.length;) {
    if (equal[i * fresh.length + j]) found.push([i++, j++]);
    else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i++;
    else j++;
  }
  return found;
};

// The nodes of a page as the server wrote it -> the nodes that are seen, where scripts that ran while the page was
// parsed have put in some of their own. copy: the page as it was parsed; liveOf: its nodes -> those that are seen.
export const matched = (written, copy, liveOf) => {
  const found = new WeakMap();
  const match = (mine, other) => {
    found.set(mine, liveOf.get(other));
    let at = other.firstChild;
    for (const child of mine.childNodes) {
      let candidate = at;
      while (candidate && !corresponding(child, candidate)) candidate = candidate.nextSibling;
      if (candidate) {
        match(child, candidate);
        at = candidate.nextSibling;
      }
    }
  };
  match(written.documentElement, copy);
  return found;
};

const corresponding = (a, b) => {
  if (a.nodeType !== b.nodeType || a.nodeName !== b.nodeName) return false;
  if (a.nodeType !== Node.ELEMENT_NODE) return a.data === b.data || (isBlank(a) && isBlank(b));
  if (a.localName === 'body' || a.localName === 'head') return true;
  return a.id === b.id && a.getAttribute('href') === b.getAttribute('href') && a.getAttribute('src') === b.getAttribute('src');
};
