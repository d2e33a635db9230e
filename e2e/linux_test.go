//go:build e2e && linux

package e2e

import "syscall"

// endWithUs has the kernel end a server whose test binary was killed.
func endWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
