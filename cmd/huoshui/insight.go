package main

// insightCmd is about questions to the pool.
type insightCmd struct {
	Run       insightRunCmd       `cmd:"" help:"Answer a query of any kind: funnel, retention, trend …"`
	Reconcile insightReconcileCmd `cmd:"" help:"Count growth and retention a second time, from the warehouse, and tell where the two differ."`
}
