import type { RequirementGroup } from '@tlsio/conformance'
import { type Column, formatTable } from '@tlsio/tables'
import type { Trial } from './trial.js'

const columns: readonly Column[] = [
  { head: 'Mutant' },
  { head: 'Requirement' },
  { head: 'Killed' },
  { head: 'By' },
  { head: 'Also', align: 'right' },
  { head: 'ms', align: 'right' },
]

/** The kill table for a terminal or a pipe. */
export function formatTrials(trials: readonly Trial[], borders: boolean): string {
  const rows = trials.map(({ mutant, breaks, killed, killedBy, alsoFailed, duration }) => {
    const [first = '', ...more] = killedBy
    const by = more.length === 0 ? first : `${first} and ${more.length} more`
    return [mutant, breaks, killed ? 'yes' : 'NO', by, alsoFailed.length, duration]
  })
  return formatTable(columns, rows, borders)
}

/**
 * What is wrong, a line each: nothing if all died as they must. If only a part of the suite ran, where
 * they did not show says nothing.
 */
export function complaints(trials: readonly Trial[], isWhole: boolean): readonly string[] {
  return trials.flatMap(({ mutant, breaks, killed, unfit, unrelated, showsNotIn }) => [
    ...(killed ? [] : [`"${mutant}" survived: no case of "${breaks}" failed.`]),
    ...(unfit === undefined ? [] : [`"${mutant}" was not put to all cases: ${unfit}.`]),
    ...unrelated.map((title) => `"${mutant}" also failed ${title}, which is in no related area.`),
    ...(isWhole ? showsNotIn : []).map(
      (area) => `"${mutant}" was said to show in ${area}, and does not.`,
    ),
  ])
}

/** The kill table as a page, in the order of the requirements. */
export function killTablePage(
  groups: readonly RequirementGroup[],
  trials: readonly Trial[],
): string {
  const sections = groups.map(({ title, requirements }) => {
    const rows = requirements.flatMap(({ id }) => trials.filter(({ breaks }) => breaks === id))
    return [`## ${title}`, '', ...head, ...rows.map(killRow)].join('\n')
  })
  return `# The kill table

Written by \`pnpm mutants --page\`, not by hand. Each mutant is a good backend that breaks one
[requirement](requirements.md), and the suite must notice by the cases of that requirement: those that failed
are listed.

${sections.join('\n\n')}
`
}

const head = ['| Mutant | Breaks | Killed by |', '| --- | --- | --- |']

function killRow({ mutant, breaks, killedBy }: Trial): string {
  const cases = killedBy.map((title) => `\`${title}\``).join(', ')
  return `| \`${mutant}\` | [\`${breaks}\`](requirements.md#${breaks}) | ${cases} |`
}
