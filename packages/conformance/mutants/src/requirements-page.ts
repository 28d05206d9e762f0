import type { Requirement, RequirementGroup } from '@tlsio/conformance'
import type { Mutant } from './mutant.js'

/** The page of all requirements, what checks them, and who breaks them. */
export function requirementsPage(
  groups: readonly RequirementGroup[],
  mutants: readonly Pick<Mutant, 'name' | 'breaks'>[],
): string {
  const count = groups.flatMap(({ requirements }) => requirements).length
  const sections = groups.map(({ title, requirements }) =>
    [`## ${title}`, ...requirements.map((one) => section(one, mutants))].join('\n\n'),
  )
  return `# Requirements

Written by \`pnpm requirements\`, not by hand: the statements are in \`packages/conformance/src/requirements\`, the mutants in
\`packages/conformance/mutants\`.

A backend **must** keep the first kind. One that **should** may say in its capabilities that it does not; then what it cannot do
is refused. What it **may** do, it does as stated. There are ${count}. Which case catches which mutant is in the
[kill table](mutants.md).

${sections.join('\n\n')}
`
}

function section(
  { id, level, statement, source, cases }: Requirement,
  mutants: readonly Pick<Mutant, 'name' | 'breaks'>[],
): string {
  const breakers = mutants.filter(({ breaks }) => breaks === id).map(({ name }) => name)
  return [
    `### ${id}`,
    '',
    `**${level}** ${statement}`,
    '',
    `- Source: ${source}`,
    `- Cases: ${code(cases)}`,
    `- Mutants: ${code(breakers)}`,
  ].join('\n')
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}
