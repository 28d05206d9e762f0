import { areas } from './areas.js'
import { titlesNamed } from './case-titles.js'
import type { Requirement, RequirementGroup } from './requirement.js'
import { requirementGroups } from './requirements/index.js'

/** All requirements, in groups; their cases are given by their whole titles. */
export function listRequirements(): readonly RequirementGroup[] {
  return groups
}

/** What a case, by its title `area/case`, is there for; `undefined` if it is forgotten. */
export function requirementOf(title: string): Requirement | undefined {
  return byCase.get(title)
}

const titles = areas.flatMap(({ name, cases }) => cases.map(({ title }) => `${name}/${title}`))

const groups: readonly RequirementGroup[] = requirementGroups.map(({ requirements, ...group }) => ({
  ...group,
  requirements: requirements.map((one) => ({
    ...one,
    cases: one.cases.flatMap((name) => titlesNamed(name, titles)),
  })),
}))

const byCase: ReadonlyMap<string, Requirement> = new Map(
  groups
    .flatMap(({ requirements }) => requirements)
    .flatMap((requirement) => requirement.cases.map((title) => [title, requirement])),
)
