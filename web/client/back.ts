/**
 * Back may show a page as it was put aside, also after its reader signed out: it is loaded again, which asks who is there.
 * Until then nothing of it is to be seen.
 */
window.addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  document.body.hidden = true;
  location.reload();
});
