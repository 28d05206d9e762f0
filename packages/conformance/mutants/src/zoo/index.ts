import type { Mutant } from '../mutant.js'
import { alpnMutants } from './alpn.js'
import { applicationDataMutants } from './application-data.js'
import { backendsMutants } from './backends.js'
import { channelBindingMutants } from './channel-binding.js'
import { closeMutants } from './close.js'
import { endOfStreamMutants } from './end-of-stream.js'
import { failedHandshakesMutants } from './failed-handshakes.js'
import { halfCloseMutants } from './half-close.js'
import { handshakeMutants } from './handshake.js'
import { serverNameMutants } from './server-name.js'
import { settingsMutants } from './settings.js'

/** All of them, in the order of the requirements. */
export const mutants: readonly Mutant[] = [
  ...backendsMutants,
  ...settingsMutants,
  ...handshakeMutants,
  ...failedHandshakesMutants,
  ...serverNameMutants,
  ...alpnMutants,
  ...applicationDataMutants,
  ...closeMutants,
  ...endOfStreamMutants,
  ...halfCloseMutants,
  ...channelBindingMutants,
]
