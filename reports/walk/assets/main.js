// Starts every walk of a page.
import { startWalk } from "./walk.js";

document.querySelectorAll("[data-walk]").forEach(startWalk);
