/**
 * `1 client`, `230 clients`.
 * @param one the thing, such as `client`; several of them have an s
 */
export function counted(number: number, one: string): string {
  return `${number} ${number === 1 ? one : `${one}s`}`;
}
