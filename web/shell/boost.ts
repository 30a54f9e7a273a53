/**
 * How links and forms become partial (htmx's `hx-boost`, each a value in its notation). Without JavaScript they are what they are.
 * A link between places replaces the body; a link to a task fills the panel; a form's answer says itself what it changes
 * (see change.tsx), so its own target is only something that is always there.
 */
export const goBoost = "swap:outerSync";
export const panelBoost = 'target:"#panel" swap:"outerHTML show:none"';
export const actBoost = 'target:"#toasts" swap:none push:false';
export const listBoost = 'target:"#list" swap:"outerMorph show:none"';

/** Into and out of the editor of a task's notes. */
export const notesBoost = ({ id }: { readonly id: string }) =>
  `target:"#notes-section-${id}" swap:"outerHTML show:none" push:false`;

export const inherited = (value: string) => ({ "hx-boost:inherited": value });
