/* Small comforts; every page works without them. */
(function () {
  "use strict";
  document.documentElement.classList.add("jalon--script");

  var summary = document.getElementById("erreurs");
  if (summary) summary.focus();

  /* On a phone the filters wait folded, so that the results come first. */
  if (window.matchMedia("(max-width: 47.99rem)").matches) {
    document.querySelectorAll(".jalon-filters > details").forEach(function (filters) {
      filters.open = Boolean(filters.querySelector(".jalon-field--error"));
    });
  }

  /* One open menu at a time, closed by Escape or by a click elsewhere. */
  var menus = function () {
    return document.querySelectorAll("details.jalon-menu[open]");
  };
  document.addEventListener("click", function (event) {
    menus().forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    menus().forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  /* A page that nobody looks at asks nothing. */
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (document.hidden && event.target.hasAttribute("data-quiet")) event.preventDefault();
  });

  /* A form sent twice by a double click is sent once. A button that opens another tab leaves this page as it is. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (event.submitter && event.submitter.formTarget === "_blank") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    form.querySelectorAll("button[type=submit]").forEach(function (button) {
      button.setAttribute("aria-busy", "true");
    });
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach(function (button) {
        button.removeAttribute("aria-busy");
      });
    });
  });
})();
