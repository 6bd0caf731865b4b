#!/bin/sh
# Runs a command of Clicktide in the image. The JVM replaces this process and receives its signals.
exec java \
  -XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError \
  --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED \
  ${CLICKTIDE_JAVA_OPTIONS:-} \
  -cp "/opt/clicktide/lib/*" clicktide.deploy.Main "$@"
