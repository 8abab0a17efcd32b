// Runs at the end of each served page's body, before the page's own deferred scripts: remembers which element is which
// as the parser made them, and leaves the rest to page.js.
(() => {
  const script = document.currentScript;
  const { octavoPage: page, octavoDigest: digest } = script.dataset;
  script.remove();
  const copy = document.documentElement.cloneNode(true);
  const liveOf = new WeakMap();
  const pair = (mine, live) => {
    liveOf.set(mine, live);
    for (let i = 0; i < mine.childNodes.length; i++) pair(mine.childNodes[i], live.childNodes[i]);
  };
  pair(copy, document.documentElement);
  import('/_octavo/page.js').then(({ begin }) => begin({ page, digest, copy, liveOf }));
})();
