"""kube-inject as a function: options and streams in, injected documents out; no command-line library, no cluster."""
