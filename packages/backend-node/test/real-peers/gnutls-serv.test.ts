import { defineGnutlsServTests } from '@tlsio/real-peers'
import { subject } from './subject.js'

defineGnutlsServTests(subject)
