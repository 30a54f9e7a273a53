export { type FakeClock, fakeClock } from "./clock.ts";
export { createTestDatabase, type TestDatabase, type TestDatabaseOptions, withDatabase } from "./database.ts";
export { announceSkip, describeWith, type Engine, type EngineName, engine } from "./engine.ts";
export { aPrincipal, aProject, aTask, newId } from "./factories.ts";
export { expectNoLeaks } from "./leaks.ts";
export { type Ended, type Program, type ProgramOptions, spawnProgram } from "./program.ts";
export { type Person, type RondoOptions, type RunningRondo, signUp, startRondo } from "./rondo.ts";
export { temporaryFolder, testServer } from "./server.ts";
export { type WaitOptions, waitFor } from "./wait_for.ts";
