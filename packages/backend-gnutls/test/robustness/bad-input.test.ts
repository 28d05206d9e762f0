import { badInput } from '@tlsio/robustness'
import { subject } from './subject.js'

badInput(subject)
