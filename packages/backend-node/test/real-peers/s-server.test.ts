import { defineSServerTests } from '@tlsio/real-peers'
import { subject } from './subject.js'

defineSServerTests(subject)
