export { type CleaningOptions, cleaning } from './clean.ts'
export { type Job, type Scheduler, type SchedulerOptions, startJobs } from './scheduler.ts'
