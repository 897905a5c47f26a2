package dashboard

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"

	"bnlab/train/message"
)

// Address is where a dashboard can be reached.
type Address struct {
	net.Listener
	name string // as it was asked for
}

// Listen listens on an address, HOST:PORT; port 0 is any that is free. An address that
// cannot be one is the error of the field {listen}.
func Listen(address string) (Address, error) {
	host, port, err := net.SplitHostPort(address)
	number, bad := strconv.Atoi(port)
	if err != nil || bad != nil || number < 0 || number > 65535 {
		return Address{}, message.Fieldf("{listen} %q: give HOST:PORT, such as 127.0.0.1:8080, or port 0 for any that is free", address)
	}
	listener, err := net.Listen("tcp", address)
	if err == nil {
		return Address{listener, host}, nil
	}
	advice := "give another address"
	if errors.Is(err, syscall.EADDRINUSE) {
		advice = "give another port, or 0 for any that is free"
	}
	if refused := syscall.Errno(0); errors.As(err, &refused) {
		err = refused // without the names of system calls
	}
	if unknown := (*net.DNSError)(nil); errors.As(err, &unknown) {
		err = errors.New(unknown.Err) // without those of servers
	}
	return Address{}, fmt.Errorf("%s: %w; %s", address, err, advice)
}

func (a Address) tcp() *net.TCPAddr { return a.Addr().(*net.TCPAddr) }

// Foreign reports whether other machines may reach the address.
func (a Address) Foreign() bool { return !a.tcp().IP.IsLoopback() }

// URL returns what to open on this machine.
func (a Address) URL() string { return fmt.Sprintf("http://%s/", a.local()) }

// local is the address as this machine reaches it.
func (a Address) local() string {
	ip := a.tcp().IP
	if ip.IsUnspecified() {
		ip = net.IPv4(127, 0, 0, 1)
	}
	return net.JoinHostPort(ip.String(), strconv.Itoa(a.tcp().Port))
}

// SSH returns the command that brings the page to another machine, on the same port there.
func (a Address) SSH() string {
	host, err := os.Hostname()
	if err != nil {
		host = "HOST"
	}
	return fmt.Sprintf("ssh -N -L %d:%s %s", a.tcp().Port, a.local(), host)
}

// allows reports whether a request may name this host, with or without a port: the address
// itself, as it was given or as a number, or this machine as itself. Another name that
// leads here may be that of a web site, which would read the page (DNS rebinding).
func (a Address) allows(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(unbracketed(host))
	switch {
	case host == "localhost" || ip != nil && ip.IsLoopback():
		return true
	case !a.Foreign():
		return false
	case ip != nil:
		return true // no name, so not of a site
	}
	own, err := os.Hostname()
	return host != "" && (host == a.name || err == nil && host == own)
}

func unbracketed(host string) string {
	if n := len(host); n > 2 && host[0] == '[' && host[n-1] == ']' {
		return host[1 : n-1]
	}
	return host
}
