/** The command cannot be carried out as it was given; the message is for whoever gave it. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError'
}

/** What an error says, in one line. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return (message.split('\n', 1)[0] ?? '').trim()
}
