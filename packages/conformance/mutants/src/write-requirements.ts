#!/usr/bin/env node
// Writes docs/requirements.md.
import { writeFile } from 'node:fs/promises'
import { listRequirements } from '@tlsio/conformance'
import { requirementsPage } from './requirements-page.js'
import { mutants } from './zoo/index.js'

const page = new URL('../../../../docs/requirements.md', import.meta.url)
await writeFile(page, requirementsPage(listRequirements(), mutants))
