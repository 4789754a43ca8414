/** Closes a run with the plain line that CI reads. */
module.exports = class ClosingLine {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    const failed = numFailedTests + numRuntimeErrorTestSuites; // a suite that could not even be loaded is a failure too
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
    const line = `\n${numPassedTests} passed, ${failed} failed${skipped}\n`;
    process.once('exit', () => process.stdout.write(line)); // Jest's own summary comes after all reporters
  }
};
