/** The configuration of a Ceph that lives for one test: one monitor, one OSD in memory, one S3 gateway, no manager. */

export interface CephPorts {
  readonly monitor: number;
  readonly gateway: number;
}

export function cephConfig(folder: string, fsid: string, ports: CephPorts): string {
  return `[global]
fsid = ${fsid}
mon_host = [v1:127.0.0.1:${ports.monitor}]
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
run_dir = ${folder}
admin_socket =
pid_file =
log_file =
log_to_stderr = true
err_to_stderr = true
debug_rocksdb = 0/0
mon_cluster_log_to_file = false
keyring = ${folder}/keyring
crash_dir = ${folder}

[mon]
mon_data = ${folder}/mon
mon_allow_pool_size_one = true
mon_allow_pool_delete = true
mon_data_avail_crit = 0
mon_data_avail_warn = 0
mon_max_pg_per_osd = 1000
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
paxos_propose_interval = 0.05
paxos_min_wait = 0.01

[osd]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
osd_data = ${folder}/osd
osd_objectstore = memstore
memstore_device_bytes = 2147483648
osd_crush_update_on_start = false
osd_class_update_on_start = false
osd_class_load_list = *
osd_class_default_list = *

[client]
rgw_data = ${folder}/rgw
rgw_frontends = beast endpoint=127.0.0.1:${ports.gateway}
rgw_thread_pool_size = 64
rgw_lc_debug_interval = 2
rgw_enable_usage_log = false
rgw_enable_gc_threads = false
rgw_run_sync_thread = false
rgw_enable_apis = s3
`;
}
