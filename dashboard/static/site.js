// Everything works without this script. It opens the table an address points into, and tells what was copied.
"use strict";

function openTarget() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = target && target.closest("details");
  if (fold) fold.open = true;
}

window.addEventListener("hashchange", openTarget);
openTarget();
