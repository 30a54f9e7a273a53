package main

import (
	"github.com/dapr/components-contrib/nameresolution/sqlite"
	"github.com/dapr/components-contrib/pubsub/kafka"
	"github.com/dapr/components-contrib/secretstores/local/file"
	"github.com/dapr/dapr/pkg/components/nameresolution"
	"github.com/dapr/dapr/pkg/components/pubsub"
	"github.com/dapr/dapr/pkg/components/secretstores"
	"github.com/dapr/dapr/pkg/runtime/registry"
	"github.com/dapr/kit/logger"
)

// Made before the flags are applied to all loggers.
var contribLog = logger.NewLogger("dapr.contrib")

// components are those that Rondo uses on one machine. The whole catalogue would make daprd five times as large, and its
// name resolution by SQLite, the only one that stays on loopback, is in no stable build of it.
func components() *registry.Options {
	pubsub.DefaultRegistry.Logger = contribLog
	pubsub.DefaultRegistry.RegisterComponent(kafka.NewKafka, "kafka")
	secretstores.DefaultRegistry.Logger = contribLog
	secretstores.DefaultRegistry.RegisterComponent(file.NewLocalSecretStore, "local.file")
	nameresolution.DefaultRegistry.Logger = contribLog
	nameresolution.DefaultRegistry.RegisterComponent(sqlite.NewResolver, "sqlite")
	return registry.NewOptions().
		WithPubSubs(pubsub.DefaultRegistry).
		WithSecretStores(secretstores.DefaultRegistry).
		WithNameResolutions(nameresolution.DefaultRegistry)
}
