#!/bin/sh
# The bucket, with versions, and the platform's own user. Each step may be repeated.
# What the platform throws away becomes an earlier version, which it cannot destroy: ninety days to bring it back.
set -eu

mc alias set storage http://storage:9000 "$MINIO_ROOT_USER" "$MINIO_ROOT_PASSWORD" >/dev/null
mc mb --ignore-existing storage/jalon
mc version enable storage/jalon
mc ilm rule ls storage/jalon >/dev/null 2>&1 ||
    mc ilm rule add --noncurrent-expire-days 90 --expire-delete-marker storage/jalon
mc admin policy create storage jalon /setup/storage-policy.json
mc admin user add storage jalon "$STORAGE_PASSWORD"
mc admin policy attach storage jalon --user jalon 2>/dev/null ||
    mc admin policy entities storage --user jalon | grep -q jalon
