/** As much of Bun's own declarations as is used here. */
declare module 'bun:test' {
  interface Test {
    (label: string, fn: () => Promise<unknown>, options?: number): void
    failing(label: string, fn: () => Promise<unknown>, options?: number): void
  }
  export const test: Test
}
