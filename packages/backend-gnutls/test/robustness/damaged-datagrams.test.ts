import { damagedDatagrams } from '@tlsio/robustness'
import { subject } from './subject.js'

damagedDatagrams(subject, 300)
