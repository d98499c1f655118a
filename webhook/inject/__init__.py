"""The injection pipeline: what Istio's injector does to one pod, as pure functions over a Snapshot."""
