// Package client is an adapter by the configuration.
package client

import "os"

// Save writes a file.
func Save() error { return os.WriteFile("a", nil, 0o600) } // silent: an adapter
