#!/bin/sh
# Stores a certificate for the injector's Service as a Secret: --service NAME --namespace NS --secret NAME, all with defaults.
# Further flags are those of: remora cert create --help
set -e
exec remora cert create "$@"
