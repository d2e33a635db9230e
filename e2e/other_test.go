//go:build e2e && !linux

package e2e

import "syscall"

// endWithUs has nothing to add where the kernel cannot tie two processes together.
func endWithUs() *syscall.SysProcAttr { return nil }
