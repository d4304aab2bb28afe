/** What a JVM with Keycloak takes besides its heap: classes, threads, buffers; measured at 500 MiB, in MiB. */
const BESIDES_HEAP = 512;

/**
 * Heap for Keycloak in a task, in MiB: 70 %, as Keycloak's image takes by itself, but never so much that the rest does
 * not fit: the kernel would kill the task. Fixed sizes, because the JVM of a Fargate container may see the memory of
 * the whole task or more.
 * https://www.keycloak.org/server/containers#_specifying_different_memory_settings
 * @param taskMemory MiB, 1024 or more
 */
export function heapFor(taskMemory: number): { readonly initial: number; readonly maximum: number } {
  const maximum = Math.min(Math.floor(taskMemory * 0.7), taskMemory - BESIDES_HEAP);
  return { initial: Math.floor(maximum / 2), maximum };
}

/** The same as Keycloak's start takes it, in the variable `JAVA_OPTS_KC_HEAP`. */
export function heapOptions(taskMemory: number): string {
  const { initial, maximum } = heapFor(taskMemory);
  return `-Xms${initial}m -Xmx${maximum}m`;
}
