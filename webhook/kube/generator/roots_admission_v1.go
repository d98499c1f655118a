//go:build admission_v1

package main

import (
	admissionv1 "k8s.io/api/admission/v1"
	registrationv1 "k8s.io/api/admissionregistration/v1"
)

func init() {
	roots = append(roots, admissionv1.AdmissionReview{}, registrationv1.MutatingWebhookConfiguration{})
}
