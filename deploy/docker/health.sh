#!/bin/bash
# Checks the health of the container without a JVM, whose start would cost more than an idle node.
exec 3<>"/dev/tcp/127.0.0.1/${CLICKTIDE_MANAGEMENT_PORT:-8082}" || exit 1
printf 'GET /health/ready HTTP/1.0\r\n\r\n' >&3
read -r -t 3 _ status _ <&3 && [ "$status" = 200 ]
