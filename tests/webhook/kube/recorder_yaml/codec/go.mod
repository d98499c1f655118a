// record.py writes one copy of this file for each library generation, with other replacements.
module recorder

go 1.12

require codec.example/yaml v0.0.0

replace codec.example/yaml => sigs.k8s.io/yaml v1.6.0
