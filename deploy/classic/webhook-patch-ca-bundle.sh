#!/bin/sh
# Copies standard input to standard output with ${CA_BUNDLE} replaced by the CA of the injector's certificate.
# Further flags are those of: remora cert ca-bundle --help
set -e
exec remora cert ca-bundle "$@"
