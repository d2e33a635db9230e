// Package machine says what a benchmark ran on, and how much memory it took.
package machine

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// Machine says where it was measured.
type Machine struct {
	CPU      string `json:"cpu"`
	Cores    int    `json:"cores"`
	MemoryMB int64  `json:"memory_mb"`
	System   string `json:"system"`
	Go       string `json:"go"`
}

// This is the machine that we run on.
func This() Machine {
	m := Machine{Cores: runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version()}
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		m.CPU = field(b, "model name")
	}
	if b, err := os.ReadFile("/proc/meminfo"); err == nil {
		m.MemoryMB = kilobytes(b, "MemTotal") >> 10
	}
	return m
}

// Resident is a process's resident memory now and at its highest, in bytes.
func Resident(pid int) (now, highest int64, err error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, fmt.Errorf("read the memory of process %d: %w", pid, err)
	}
	return kilobytes(b, "VmRSS") << 10, kilobytes(b, "VmHWM") << 10, nil
}

func kilobytes(text []byte, name string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSuffix(field(text, name), " kB"), 10, 64) //nolint:errcheck // absent is 0
	return n
}

// field is the value of the first "name: value" line.
func field(text []byte, name string) string {
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
