"""Answers recorded from Go, and the run that holds the engine to them: ``python -m conformance go``.

The recorder (Go) writes vectors; ``vectors`` reads them, ``decode`` and ``world`` rebuild their values in Python, ``run``
asks the engine and compares, ``report`` makes words of it.
"""
