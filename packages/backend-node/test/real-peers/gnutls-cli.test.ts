import { defineGnutlsCliTests } from '@tlsio/real-peers'
import { subject } from './subject.js'

defineGnutlsCliTests(subject)
