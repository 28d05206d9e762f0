/** An answer whose body is what `tell` is called with, a line each, as they come. */
export function linesOf(
  produce: (tell: (line: string) => Promise<void>) => Promise<unknown>,
): Response {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const encoder = new TextEncoder()
  produce((line) => writer.write(encoder.encode(`${line}\n`))).then(
    () => writer.close(),
    (error) => writer.abort(error),
  )
  return new Response(readable)
}
