//go:build !linux

package load

import "syscall"

// apart has nothing to add where the kernel cannot tie two processes together.
func apart() *syscall.SysProcAttr { return nil }
