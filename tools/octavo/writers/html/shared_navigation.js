/* Puts the site's whole navigation, kept once in octavo-navigation-*.js, in the place of the part that a page holds. */
(function () {
  "use strict";

  function open(link, own) {
    if (own) {
      link.classList.add("current");
      link.setAttribute("aria-current", "page");
      link.setAttribute("href", "#");
    }
    for (var each = link.parentElement; each; each = each.parentElement) {
      if (each.localName === "li") {
        each.classList.add("current", "active");
        var details = each.querySelector(":scope > details");
        if (details) {
          details.open = true;
        }
      } else if (each.localName === "ul" && !each.classList.contains("list-caption")) {
        each.classList.add("current");
      }
    }
  }

  function fill(place) {
    var html = (window.octavoNavigation || {})[place.dataset.octavoNavigation];
    if (html === undefined) {
      return;
    }
    var made = document.createElement("template");
    made.innerHTML = html;
    made.content.querySelectorAll("a[href]").forEach(function (link) {
      var href = link.getAttribute("href");
      if (/^([a-z][a-z0-9+.-]*:|\/|#)/i.test(href)) {
        return;
      }
      link.setAttribute("href", place.dataset.octavoRoot + href);
      if (href === place.dataset.octavoCurrent) {
        open(link, place.hasAttribute("data-octavo-own"));
      }
    });
    place.replaceChildren(made.content);
    if (place.querySelector(".math") && window.MathJax && window.MathJax.startup && window.MathJax.startup.promise) {
      window.MathJax.startup.promise.then(function () {
        return window.MathJax.typesetPromise([place]);
      });
    }
  }

  document.querySelectorAll("[data-octavo-navigation]").forEach(fill);
})();
