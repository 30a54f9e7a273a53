import { onHtmx } from "./dom.ts";

/** A page of a newer release needs its own script and styles: it is loaded whole. */
onHtmx("htmx:before:swap", ({ ctx }, event) => {
  const release = / data-release="([^"]+)"/.exec(ctx.text ?? "")?.[1];
  if (release === undefined || release === document.body.dataset.release) return;
  event.preventDefault();
  location.assign(ctx.response?.raw.url ?? location.href);
});
