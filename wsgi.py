"""``app`` for any WSGI server: the webhook with the settings of the environment (REMORA_INJECT_CONFIG_FILE and its fellows).

TLS, processes and deadlines are the business of the server that loads this; the configuration is watched here.
"""

import os

from webhook.server.app import create_app
from webhook.server.logs import configure_logs
from webhook.server.settings import settings_from
from webhook.server.source import fingerprint, load
from webhook.server.watch import Watch

_settings = settings_from({"dev_tls": True}, os.environ)
configure_logs(_settings.log_format, _settings.log_level)
_watch = Watch(lambda: load(_settings), lambda: fingerprint(_settings))
_watch.follow(_settings.reload_interval)
app = create_app(lambda revision: None if revision else _watch.current(), allow_on_error=_settings.on_error == "allow")
