/** `sha256:1f0c3a5b7d9e`: as many digits as Docker shows. */
export function shortDigest(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}
