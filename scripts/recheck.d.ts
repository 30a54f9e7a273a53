/** The same functions on recheck's pure JavaScript back end; its main module would look for Java or a program per platform. */
declare module "recheck/lib/browser.js" {
  export * from "recheck";
}
