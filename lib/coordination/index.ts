export { holdLeaderLock, type LeaderLock, type LeaderLockOptions, lockNameOf } from "./leader_lock.ts";
export { PollPace } from "./poll_pace.ts";
export { pause, repeatEvery, untilAborted, within } from "./wait.ts";
export { WakeUp } from "./wake_up.ts";
