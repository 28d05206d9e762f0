import type { Requirement, RequirementGroup } from '@tlsio/conformance'
import type { Mutant } from './mutant.js'

/** The page of all requirements, what checks them, and who breaks them. */
export function requirementsPage(
  groups: readonly RequirementGroup[],
  mutants: readonly Pick<Mutant, 'name' | 'breaks'>[],
): string {
  const count = groups.flatMap(({ requirements }) => requirements).length
  const sections = groups.map(({ title, subject, requirements }) =>
    [
      `## ${title}`,
      ...(subject === 'core' ? [onlyCore] : []),
      ...requirements.map((one) => section(one, mutants)),
    ].join('\n\n'),
  )
  return `# Requirements

Written by \`pnpm requirements\`, not by hand: the statements are in \`packages/conformance/src/requirements\`, the mutants in
\`packages/conformance/mutants\`.

A **must** binds wherever it applies, also where a capability has to be claimed, or not to be claimed, for it to apply. What a
backend **should** do it may do without, if it says so in its capabilities. What it **may** do is asked of those only that claim
it. What is not claimed is refused, and that is a **must** again. There are ${count}. Which case catches which mutant is in
the [kill table](mutants.md).

Most groups examine the backend. Those that examine core alone say so: they pass with every backend, and are there because
runtimes differ.

${sections.join('\n\n')}
`
}

const onlyCore = 'These examine core in this runtime, not the backend.'

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
