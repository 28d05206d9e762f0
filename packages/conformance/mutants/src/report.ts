import Table from 'cli-table3'
import type { Trial } from './trial.js'

/** The kill table for a terminal or a pipe. */
export function formatTable(trials: readonly Trial[], borders: boolean): string {
  const table = new Table({
    head: ['Mutant', 'Requirement', 'Killed', 'By', 'Also', 'ms'],
    colAligns: ['left', 'left', 'left', 'left', 'right', 'right'],
    style: { head: [], border: [] },
    ...(borders ? {} : { chars: plain }),
  })
  for (const { mutant, breaks, killed, killedBy, alsoFailed, duration } of trials) {
    const [first = '', ...more] = killedBy
    const by = more.length === 0 ? first : `${first} and ${more.length} more`
    table.push([mutant, breaks, killed ? 'yes' : 'NO', by, alsoFailed.length, duration])
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** What is wrong, a line each: nothing if all died as they must. */
export function complaints(trials: readonly Trial[]): readonly string[] {
  return trials.flatMap(({ mutant, breaks, killed, unfit, unrelated, showsNotIn }) => [
    ...(killed ? [] : [`"${mutant}" survived: ${unfit ?? `no case of "${breaks}" failed`}.`]),
    ...unrelated.map((title) => `"${mutant}" also failed ${title}, which is in no related area.`),
    ...showsNotIn.map((area) => `"${mutant}" was said to show in ${area}, and does not.`),
  ])
}

/** The kill table as a page. */
export function killTablePage(trials: readonly Trial[]): string {
  const rows = trials.map(
    ({ mutant, breaks, killedBy }) =>
      `| \`${mutant}\` | [\`${breaks}\`](requirements.md#${breaks}) | ${killedBy.map((title) => `\`${title}\``).join(', ')} |`,
  )
  return `# The kill table

Written by \`pnpm mutants --page\`, not by hand. Each mutant is a good backend that breaks one
[requirement](requirements.md); the suite must notice, in the cases that check it. A case that fails besides,
in a related area, is not listed.

| Mutant | Breaks | Killed by |
| --- | --- | --- |
${rows.join('\n')}
`
}

/** Without lines around the cells, for a pipe or a file. */
const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
}
