// The table of a tour's dates: a file that is chosen is looked at at once, and what comes of it is where the cursor goes.
"use strict";
(() => {
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      if (!event.target.matches || !event.target.matches("[data-table-file]")) return;
      event.stopPropagation();
      if (kind === "change" && event.target.files.length > 0) event.target.form.requestSubmit(event.target.form.querySelector('[value="look:dates"]'));
    }, true);
  }
  const table = (event) => {
    const form = event.detail.requestConfig && event.detail.requestConfig.elt;
    return form && form.matches && form.matches("form[data-table]") ? form : null;
  };
  // Its text stands in the field now, to be mended; the file is not sent again.
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = table(event);
    const file = form && form.querySelector("[data-table-file]");
    if (file) file.value = "";
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const form = table(event);
    const says = form && document.getElementById(form.id) && document.getElementById(form.id).querySelector("[data-says]");
    if (says) says.focus();
  });
})();
