import { misplacedRecords } from '@tlsio/robustness'
import { subject } from './subject.js'

misplacedRecords(subject)
