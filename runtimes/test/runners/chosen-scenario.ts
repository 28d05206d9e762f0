import process from 'node:process'
import { createNodeBackend } from '@tlsio/backend-node'
import { type Scenarios, scenariosFor } from './scenarios.js'

/** The one that the environment names, with node:tls. */
export const scenario: Scenarios['green'] =
  scenariosFor(createNodeBackend)[process.env.TLSIO_SCENARIO as keyof Scenarios]
