/** How far a session has got; each stage includes those before it. */
export const stages = ['plain', 'tls', 'login', 'protection'] as const

/** One of {@link stages}. */
export type Stage = (typeof stages)[number]

/** The stage a session must have reached before it takes a command. Others are unknown. */
export const requiredStage: ReadonlyMap<string, Stage> = new Map([
  ['AUTH', 'plain'],
  ['NOOP', 'plain'],
  ['QUIT', 'plain'],
  ['USER', 'tls'],
  ['PASS', 'tls'],
  ['PBSZ', 'login'],
  ['PROT', 'login'],
  ['PWD', 'login'],
  ['TYPE', 'login'],
  ['SIZE', 'login'],
  ['EPSV', 'protection'],
  ['PASV', 'protection'],
  ['LIST', 'protection'],
  ['RETR', 'protection'],
  ['STOR', 'protection'],
])

/** A line from the client, taken apart. */
export interface Command {
  /** In capitals. */
  readonly verb: string
  /** All after the first space; empty if there is nothing. */
  readonly argument: string
}

/** Takes a command line apart. */
export function parseCommand(line: string): Command {
  const [, verb = '', argument = ''] = /^(\S*) ?(.*)$/s.exec(line) ?? []
  return { verb: verb.toUpperCase(), argument }
}
