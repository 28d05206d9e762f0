import { applicationProtocols } from './areas/alpn.js'
import { applicationData } from './areas/application-data.js'
import { passwordInteraction } from './areas/ask-password.js'
import { backendSelection } from './areas/backend-selection.js'
import { certificate } from './areas/certificate.js'
import { certificateFiles } from './areas/certificate-files.js'
import { certificateKeys } from './areas/certificate-keys.js'
import { chainVerdicts } from './areas/chain-verdicts.js'
import { channelBinding } from './areas/channel-binding.js'
import { clientAuthentication } from './areas/client-authentication.js'
import { close } from './areas/close.js'
import { copySessionState } from './areas/copy-session-state.js'
import { customDatabase } from './areas/custom-database.js'
import { database } from './areas/database.js'
import { dtls } from './areas/dtls.js'
import { fileDatabase } from './areas/file-database.js'
import { handshake } from './areas/handshake.js'
import { identity } from './areas/identity.js'
import { ocspStapling } from './areas/ocsp-stapling.js'
import { passwords } from './areas/password.js'
import { peerVerification } from './areas/peer-verification.js'
import { pkcs12 } from './areas/pkcs12.js'
import { serverName } from './areas/server-name.js'
import { sessionResumption } from './areas/session-resumption.js'
import { sessions } from './areas/sessions.js'
import { tickets } from './areas/tickets.js'
import { unavailable } from './areas/unavailable.js'
import { unsupported } from './areas/unsupported.js'
import type { ConformanceArea } from './conformance-case.js'

/** In reading order. */
export const areas: readonly ConformanceArea[] = [
  backendSelection,
  unavailable,
  unsupported,
  certificate,
  pkcs12,
  certificateFiles,
  passwords,
  passwordInteraction,
  database,
  fileDatabase,
  handshake,
  serverName,
  applicationProtocols,
  peerVerification,
  chainVerdicts,
  identity,
  ocspStapling,
  customDatabase,
  applicationData,
  certificateKeys,
  clientAuthentication,
  channelBinding,
  close,
  dtls,
  sessionResumption,
  sessions,
  copySessionState,
  tickets,
]
