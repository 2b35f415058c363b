#!/bin/sh
# Starts Alertmanager with the webhook's address from ALERT_WEBHOOK_URL, or from the file ALERT_WEBHOOK_URL_FILE (a
# secret): it gets POSTs at <address>/page and <address>/ticket. ALERTMANAGER names the program, arguments are passed on.
#
#   ALERT_WEBHOOK_URL=http://127.0.0.1:9095 sh grafana/alertmanager/start.sh --web.listen-address=127.0.0.1:9093
#
# The address may hold a token: it is written to a file that only this user reads, and nowhere else.
set -eu
umask 077
here=$(cd "$(dirname "$0")" && pwd)
if [ -n "${ALERT_WEBHOOK_URL_FILE:-}" ]; then url=$(cat "$ALERT_WEBHOOK_URL_FILE"); else url=${ALERT_WEBHOOK_URL:-}; fi
case "$url" in
  http://* | https://*) ;;
  *) echo 'ALERT_WEBHOOK_URL or ALERT_WEBHOOK_URL_FILE must give an http(s) address' >&2; exit 1 ;;
esac
config=${ALERTMANAGER_CONFIG:-/tmp/thankly-alertmanager.yml}
escaped=$(printf '%s' "${url%/}" | sed "s/'/''/g; s/[\\\\&|]/\\\\&/g")
sed "s|http://alert-webhook.invalid|$escaped|" "$here/alertmanager.yml" > "$config"
exec "${ALERTMANAGER:-alertmanager}" --config.file="$config" "$@"
