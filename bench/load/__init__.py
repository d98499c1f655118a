"""Load on a running server: a generator that behaves as the API server does, clients that misbehave, disruptions, and mutated reviews."""
