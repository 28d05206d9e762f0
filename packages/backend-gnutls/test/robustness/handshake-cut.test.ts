import { handshakeCut } from '@tlsio/robustness'
import { subject } from './subject.js'

handshakeCut(subject)
