import type { TracedEnd, TracedRecord, TraceSide, WireTrace } from '../wire/trace.js'
import { alertName, messageName, recordName } from '../wire/wire-names.js'

/** What one end sends before the other has its turn, and what else happens, in order. */
export type TimelineStep = Flight | { readonly kind: 'end'; readonly end: TracedEnd }

/** Records that one end sent in a row. */
export interface Flight {
  readonly kind: 'flight'
  readonly from: TraceSide
  /** When the first was sent, in milliseconds. */
  readonly sentAt: number
  /** When the last had been read; `null` if some were not. */
  readonly receivedAt: number | null
  readonly boxes: readonly RecordBox[]
}

/** A record, or several alike. */
export interface RecordBox {
  readonly look: 'handshake' | 'change' | 'alert' | 'data'
  readonly label: string
  /** Length of the fragments, in bytes. */
  readonly length: number
}

/** Cuts a trace into flights. */
export function stepsOf({ records, ends }: WireTrace): readonly TimelineStep[] {
  const steps: TimelineStep[] = []
  let flight: TracedRecord[] = []
  const finish = () => {
    if (flight.length > 0) steps.push(flightOf(flight, described))
    flight = []
  }
  const pending = [...ends]
  const described = describeRecords(records)
  for (const record of records) {
    while ((pending[0]?.at ?? Number.POSITIVE_INFINITY) < record.sentAt) {
      finish()
      steps.push({ kind: 'end', end: pending.shift() as TracedEnd })
    }
    if (flight.length > 0 && flight[0]?.from !== record.from) finish()
    flight.push(record)
  }
  finish()
  return [...steps, ...pending.map((end) => ({ kind: 'end' as const, end }))]
}

/** What each record is, in a few words. */
export function describeRecords(
  records: readonly TracedRecord[],
): ReadonlyMap<TracedRecord, string> {
  const changed = new Set<TraceSide>()
  const words = new Map<TracedRecord, string>()
  for (const record of records) {
    words.set(record, describe(record, changed.has(record.from)))
    if (record.type === 20) changed.add(record.from)
  }
  return words
}

function describe({ type, length, messages, alert }: TracedRecord, changed: boolean): string {
  if (messages.length > 0) return messages.map(messageName).join(', ')
  if (alert !== null) return `Alert ${alertName(alert)}`
  if (type === 21) return 'Alert, encrypted'
  if (type === 22) return changed ? 'Handshake, encrypted' : 'Part of a handshake message'
  // TLS 1.3 hides the type; level, description, inner type and tag are 19 bytes.
  if (type === 23 && length === 19) return 'Encrypted, as short as an alert'
  return type === 23 ? 'Encrypted' : recordName(type)
}

function flightOf(
  records: readonly TracedRecord[],
  described: ReadonlyMap<TracedRecord, string>,
): Flight {
  const [first] = records as [TracedRecord]
  const arrivals = records.map(({ receivedAt }) => receivedAt)
  const all = arrivals.filter((at) => at !== null)
  return {
    kind: 'flight',
    from: first.from,
    sentAt: first.sentAt,
    receivedAt: all.length === arrivals.length ? Math.max(...all) : null,
    boxes: joined(records.map((record) => boxOf(record, described.get(record) ?? ''))),
  }
}

function boxOf(record: TracedRecord, label: string): RecordBox {
  const looks = { 20: 'change', 21: 'alert', 22: 'handshake' } as const
  const look = (looks as Record<number, RecordBox['look']>)[record.type] ?? 'data'
  return { look, label, length: record.length }
}

/** Boxes that look alike are one with a number. */
function joined(boxes: readonly RecordBox[]): readonly RecordBox[] {
  const runs: RecordBox[][] = []
  for (const box of boxes) {
    const run = runs.at(-1)
    if (run?.[0]?.label === box.label) run.push(box)
    else runs.push([box])
  }
  return runs.map((run) => {
    const [first] = run as [RecordBox]
    const label = run.length > 1 ? `${first.label} × ${run.length}` : first.label
    return { ...first, label, length: run.reduce((sum, { length }) => sum + length, 0) }
  })
}
