"""Tools that make the checked-in tables of this package; nothing here is imported at run time."""
