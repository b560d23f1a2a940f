// Starts every walk of a page; one that is folded away when it is unfolded, since only then it has a size.
import { startWalk } from "./walk.js";

document.querySelectorAll("[data-walk]").forEach((root) => {
  const folded = root.closest("details:not([open])");
  if (folded) folded.addEventListener("toggle", () => startWalk(root), { once: true });
  else startWalk(root);
});
