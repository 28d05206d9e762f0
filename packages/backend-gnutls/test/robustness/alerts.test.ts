import { alerts } from '@tlsio/robustness'
import { subject } from './subject.js'

alerts(subject)
