//go:build batch_v2alpha1

package main

import batchv2alpha1 "k8s.io/api/batch/v2alpha1"

func init() { roots = append(roots, batchv2alpha1.CronJob{}) }
