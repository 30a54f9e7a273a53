/**
 * For a small machine that does other things too. `synchronous_commit` and `fsync` stay on: a write that was acknowledged
 * is never lost. Errors are logged without their detail, for that quotes rows.
 */
export const serverSettings: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  shared_buffers: "96MB",
  effective_cache_size: "512MB",
  work_mem: "8MB",
  maintenance_work_mem: "64MB",
  random_page_cost: "1.1",
  jit: "off",
  io_method: "sync",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_logical_replication_workers: "0",
  max_wal_size: "512MB",
  wal_buffers: "8MB",
  max_worker_processes: "4",
  max_parallel_workers: "2",
  max_parallel_workers_per_gather: "1",
  autovacuum_naptime: "20s",
  password_encryption: "scram-sha-256",
  timezone: "UTC",
  log_timezone: "UTC",
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
  log_checkpoints: "off",
};

/** The settings of a start, with a name that tells whether a running server was started by the same program in the same way. */
export function settingsFor(binaries: string, changes: Readonly<Record<string, string>>): Record<string, string> {
  const settings = { ...serverSettings, ...changes };
  const hash = new Bun.CryptoHasher("sha256").update(JSON.stringify([binaries, settings])).digest("hex");
  return { ...settings, cluster_name: `rondo-${hash.slice(0, 12)}` };
}
