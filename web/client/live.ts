import htmx from "htmx.org";
import { byId, onHtmx } from "./dom.ts";
import { keepReadersRow, noteSignal } from "./leaving.ts";
import { sayState } from "./line.ts";
import { type Heard, openStream } from "./stream.ts";

/** Signals of one moment are answered together. */
const batchMs = 16;

/** The parts of a page that depend on its URL. */
const pageParts = new Set(["nav", "head", "list", "panel"]);

/** What of the page is no longer what the server has. */
const stale = { list: false, panel: false };
let timer: ReturnType<typeof setTimeout> | undefined;
let running = false;
/** Requests of the reader's own that are on their way, and how many answers to them came. */
let own = 0;
let answers = 0;

if (document.body.classList.contains("app")) openStream(document.body.dataset.cursor ?? "", hear);

function hear(heard: Heard): void {
  if (heard.kind === "state") {
    sayState(heard.online);
    return;
  }
  if (heard.kind === "resync") stale.panel = true;
  else {
    noteSignal(heard.signal);
    const shown = document.querySelector<HTMLElement>("#panel .task")?.dataset.id;
    if (heard.signal.id === shown) stale.panel = true;
  }
  refreshList();
}

/** Today is another day in another time zone, for one. */
export function refreshList(): void {
  stale.list = true;
  plan();
}

/** Not while a change of the reader's own is under way (its answer is newer), and not in a tab that nobody sees. */
function plan(): void {
  if (timer !== undefined || running || own > 0 || document.hidden || !(stale.list || stale.panel)) return;
  timer = setTimeout(refresh, batchMs);
}

async function refresh(): Promise<void> {
  timer = undefined;
  if (own > 0) return;
  running = true;
  const wanted = [stale.list && byId("list"), stale.panel && byId("panel")].filter(
    (part) => part instanceof HTMLElement,
  );
  stale.list = false;
  stale.panel = false;
  await Promise.allSettled(wanted.map(refreshPart));
  running = false;
  plan();
}

/** The audit trail is written a moment after an event is signalled. */
const trailMs = 300;

/** Gets the part anew and changes what differs. An open history is read again too. */
async function refreshPart(part: HTMLElement): Promise<void> {
  if (!part.dataset.live) return;
  await htmx.ajax("GET", part.dataset.live, { source: part, target: part, swap: "outerMorph show:none" });
  const history = part.querySelector<HTMLDetailsElement>(".history[open]");
  if (history) setTimeout(() => htmx.trigger(history, "history", {}, false), trailMs);
}

/** Our own refreshes, and how many answers there were when each was asked for. (Its source element does not tell: htmx may change it.) */
const refreshes = new WeakMap<object, number>();

onHtmx("htmx:before:request", ({ ctx }) => {
  const { id } = ctx.sourceElement;
  if (id === "list" || id === "panel") refreshes.set(ctx, answers);
  else own++;
});
onHtmx("htmx:finally:request", ({ ctx }) => {
  if (refreshes.has(ctx)) return;
  own = Math.max(0, own - 1);
  answers++;
  setTimeout(plan);
});

/** A refresh that was overtaken by a change of the reader's own is older than what is shown. */
onHtmx("htmx:before:swap", ({ ctx, tasks }, event) => {
  const then = refreshes.get(ctx);
  if (then === undefined) return;
  const { id } = ctx.sourceElement;
  const overtaken = then !== answers || own > 0;
  if (ctx.response?.status !== 200 || overtaken) event.preventDefault();
  if (overtaken) {
    stale.list ||= id === "list";
    stale.panel ||= id === "panel";
  } else if (id === "list") keepReadersRow(tasks);
});

/** The reader has gone on to another page meanwhile: of the answer only what it says still holds, in the place that this page has for it. */
onHtmx("htmx:after:request", ({ ctx }) => {
  if (ctx.request.method !== "GET" && !ctx.target.isConnected) ctx.target = byId(ctx.target.id) ?? ctx.target;
});
onHtmx("htmx:before:swap", ({ ctx, tasks }) => {
  const gone = ctx.request.headers["HX-Current-URL"] !== location.href;
  if (!gone || (ctx.request.method === "GET" && !refreshes.has(ctx))) return;
  const kept = tasks.filter(({ target }) => !(target instanceof Element && pageParts.has(target.id)));
  tasks.splice(0, tasks.length, ...kept);
  stale.panel = true;
  refreshList();
});

document.addEventListener("visibilitychange", plan);
