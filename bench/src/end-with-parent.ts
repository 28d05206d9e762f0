/** Ends this process with the one that forked it, also if that is gone already. */
export function endWithParent(): void {
  process.once('disconnect', () => process.exit())
  if (!process.connected) process.exit()
}
