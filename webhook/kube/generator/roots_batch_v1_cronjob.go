//go:build batch_v1_cronjob

package main

import batchv1 "k8s.io/api/batch/v1"

func init() { roots = append(roots, batchv1.CronJob{}) }
