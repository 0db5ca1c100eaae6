package command

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// version returns the version that the executable was built at.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

func printVersions(_ context.Context, inv invocation) error {
	if err := parseNone(newFlags(), inv); err != nil {
		return err
	}
	_, err := fmt.Fprintf(inv.stdout, "airlockvet %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
