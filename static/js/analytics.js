// One key opens the table of days, the same key closes it.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.key !== "t" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) return;
  const days = document.getElementById("days");
  if (!days) return;
  days.open = !days.open;
  if (days.open) days.querySelector("summary").focus();
});
