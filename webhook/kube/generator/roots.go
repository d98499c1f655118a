package main

import (
	admissionv1beta1 "k8s.io/api/admission/v1beta1"
	registrationv1beta1 "k8s.io/api/admissionregistration/v1beta1"
	appsv1 "k8s.io/api/apps/v1"
	appsv1beta1 "k8s.io/api/apps/v1beta1"
	batchv1 "k8s.io/api/batch/v1"
	batchv1beta1 "k8s.io/api/batch/v1beta1"
	corev1 "k8s.io/api/core/v1"
	extensionsv1beta1 "k8s.io/api/extensions/v1beta1"

	openshiftv1 "github.com/openshift/api/apps/v1"
)

// roots are the kinds that every version has; the other files add those of newer or older versions.
var roots = []interface{}{
	corev1.ConfigMap{}, corev1.List{}, corev1.Namespace{}, corev1.Node{}, corev1.Pod{}, corev1.ReplicationController{},
	corev1.Secret{}, corev1.Service{}, corev1.ServiceAccount{},
	appsv1.DaemonSet{}, appsv1.Deployment{}, appsv1.ReplicaSet{}, appsv1.StatefulSet{},
	appsv1beta1.StatefulSet{},
	batchv1.Job{},
	batchv1beta1.CronJob{},
	extensionsv1beta1.DaemonSet{}, extensionsv1beta1.Deployment{}, extensionsv1beta1.ReplicaSet{},
	openshiftv1.DeploymentConfig{},
	admissionv1beta1.AdmissionReview{},
	registrationv1beta1.MutatingWebhookConfiguration{},
}
