/*
 * Enhancements only: every page does its work without this file. Each part looks for its own marks in the page and does
 * nothing when there are none; a part that fails takes none of the others with it.
 */
import "htmx.org/dist/htmx.esm.js";
import { countCharacters } from "./js/count.js";
import { confirmInPlace, copyButtons, openAtBegin, printButtons } from "./js/desk.js";
import { listFiles } from "./js/files.js";
import { focusOnProblems } from "./js/focus.js";
import { warnBeforeLogOut } from "./js/idle.js";
import { keepAnswers } from "./js/keep.js";
import { keyboard } from "./js/keyboard.js";
import { lookUpAddresses } from "./js/lookup.js";
import { noticeOffline } from "./js/offline.js";
import { loadMaps } from "./js/place.js";
import { guardSubmits } from "./js/submit.js";

for (const part of [
  keepAnswers,
  guardSubmits,
  noticeOffline,
  warnBeforeLogOut,
  focusOnProblems,
  countCharacters,
  listFiles,
  lookUpAddresses,
  loadMaps,
  copyButtons,
  printButtons,
  confirmInPlace,
  openAtBegin,
  keyboard,
]) {
  try {
    part(document);
  } catch (error) {
    console.error(error);
  }
}
