/** Style sheets are imported as text, so that they are inside a compiled executable. */
declare module "*.css" {
  const text: string;
  export default text;
}
