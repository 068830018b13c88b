// The test of a workstation: says that scripts run, and how far this clock is from the platform's.
(() => {
  "use strict";
  const script = document.querySelector("[data-script]");
  if (script) script.textContent = script.dataset.on;
  const told = document.querySelector("[data-server-time]");
  const gap = document.querySelector("[data-clock-gap]");
  if (!told || !gap) return;
  // The page was made when its first byte left: what passed since is not a difference of clocks.
  const [entry] = performance.getEntriesByType("navigation");
  const madeAt = performance.timeOrigin + (entry ? entry.responseStart : 0);
  const seconds = Math.round((madeAt - Date.parse(told.dateTime)) / 1000);
  const words = Math.abs(seconds) < 2 ? "exact" : seconds > 0 ? "ahead" : "behind";
  gap.textContent = gap.dataset[words].replace("{s}", Math.abs(seconds));
})();
