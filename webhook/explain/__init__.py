"""Outcomes in words: what the mesh requires of pods, and why a pod is or is not injected."""
