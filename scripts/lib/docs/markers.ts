/**
 * Puts generated text between its markers, `<!-- <what>: written by npm run docs -->` and `<!-- end of <what> -->`.
 * @param what names the generated part, such as `compliance table`
 * @throws Error where the text has no such markers
 */
export function withGenerated(text: string, what: string, generated: string): string {
  const [first, last] = [`<!-- ${what}: written by npm run docs -->`, `<!-- end of ${what} -->`];
  const start = text.indexOf(first);
  const end = text.indexOf(last);
  if (start < 0 || end < start) throw new Error(`no markers "${first}" and "${last}" in the text`);
  return `${text.slice(0, start + first.length)}\n\n${generated}\n\n${text.slice(end)}`;
}
