//go:build tools

// Package tools pins the Temporal CLI, whose dev server carries the Web UI.
package tools

import _ "github.com/temporalio/cli/cmd/temporal"
