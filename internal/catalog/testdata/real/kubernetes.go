// Package kubernetes calls typed clients' interfaces, the dynamic client, and a reconciler's client.
package kubernetes

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func calls(ctx context.Context, c kubernetes.Interface, d dynamic.ResourceInterface, r client.Client, o client.Object) {
	c.CoreV1().Pods("n").Create(ctx, nil, metav1.CreateOptions{})            // want: infra
	c.CoreV1().Pods("n").List(ctx, metav1.ListOptions{})                     // want: infra query
	c.NetworkingV1().Ingresses("n").Delete(ctx, "i", metav1.DeleteOptions{}) // want: infra
	d.Update(ctx, nil, metav1.UpdateOptions{})                               // want: infra
	r.Update(ctx, o)                                                         // want: infra
	r.Get(ctx, client.ObjectKey{}, o)                                        // want: infra query
	r.Status().Patch(ctx, o, nil)                                            // want: infra
}
