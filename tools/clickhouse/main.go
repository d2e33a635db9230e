// Command clickhouse runs ClickHouse out of libchdb.so, which lies beside it: "clickhouse local …", as ClickHouse's own program does, servers
// included. It is for comparisons on machines without a ClickHouse package. Answers to --query are not printed: ask over the ports.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "clickhouse:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 || args[0] != "local" {
		return errors.New(`use it as "clickhouse local …"`)
	}
	runtime.LockOSThread() // the library keeps things by thread
	self, err := os.Executable()
	if err != nil {
		return err
	}
	library, err := purego.Dlopen(filepath.Join(filepath.Dir(self), "libchdb.so"), purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return err
	}
	var query func(argc int32, argv unsafe.Pointer) unsafe.Pointer
	purego.RegisterLibFunc(&query, library, "query_stable_v2")
	argv := make([]*byte, 0, len(args)+1)
	for _, a := range append([]string{"clickhouse-local"}, args[1:]...) {
		argv = append(argv, unsafe.SliceData(append([]byte(a), 0)))
	}
	argv = append(argv, nil)
	query(int32(len(argv)-1), unsafe.Pointer(&argv[0]))
	runtime.KeepAlive(argv)
	return nil
}
