/** Migrations are imported as text, so that they are inside a compiled executable. */
declare module "*.sql" {
  const text: string;
  export default text;
}
