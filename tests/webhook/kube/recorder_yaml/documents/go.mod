// record.py writes one copy of this file for each version of k8s.io/apimachinery.
module recorder

go 1.16

require k8s.io/apimachinery v0.22.2
