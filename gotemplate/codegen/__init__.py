"""The tree of a template as Python source, for templates that are rendered often.

``statements`` is where it begins; it stands on ``expressions``, that on ``calls`` (with ``builtins``), those on ``scopes`` and
``source``. What makes source executable, keeps it and stores it is outside: ``units``, ``compiled``, ``stored_code``, ``cache``.
"""
