import type { SuiteMessage } from './suite/messages.js'

/** Reports the message that a line is. What a runtime prints besides goes to stderr. */
export function reportLine(line: string, report: (message: SuiteMessage) => void): void {
  if (line.startsWith('{"kind":')) report(JSON.parse(line) as SuiteMessage)
  else process.stderr.write(`${line}\n`)
}
