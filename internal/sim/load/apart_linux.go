package load

import "syscall"

// apart puts the server into a process group of its own, so that an interruption at the terminal reaches only us and we end it in good
// order; and has the kernel end it should we be killed.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
