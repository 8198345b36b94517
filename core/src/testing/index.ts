/**
 * What tests of the platform and of plugins stand on: suites on both engines, a running application, sample documents.
 * @module
 */
export { createServerDatabase, describeEngines, serverSkipped, type OpenDatabase } from './databases.ts';
export { startApplication, type Person, type RunningApplication } from './running-application.ts';
export { label, sampleLayer } from './sample-documents.ts';
export { sampleModel } from './sample-model.ts';
