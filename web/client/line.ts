import { byId } from "./dom.ts";

/** A short break is nobody's business. */
const patienceMs = 1_500;
const saysBackMs = 2_500;

let state: boolean | "signed out" = true;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says quietly at the top of the page that there is no connection, that it is back, or that the reader is signed out. */
export function sayState(online: boolean | "signed out"): void {
  if (online === state) return;
  state = online;
  clearTimeout(timer);
  if (online === "signed out") saySignedOut();
  else if (!online) timer = setTimeout(say, patienceMs, "No connection. Trying again…");
  else if (byId("line")?.textContent) {
    say("Connected again.");
    timer = setTimeout(say, saysBackMs, "");
  }
}

function say(text: string): void {
  const line = byId("line");
  if (line) line.textContent = text;
}

function saySignedOut(): void {
  say("You are signed out. ");
  const link = document.createElement("a");
  link.href = `/sign-in?${new URLSearchParams({ next: location.pathname + location.search })}`;
  link.textContent = "Sign in";
  byId("line")?.append(link);
}
