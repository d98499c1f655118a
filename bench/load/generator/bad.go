package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// A crowd is a number of clients of one bad kind. One that the server sends away comes back, so that their number stays.
type crowd struct {
	url    string
	trust  *x509.CertPool
	body   []byte
	opened atomic.Int64
	closed atomic.Int64
	held   atomic.Int64
}

// How each kind behaves on a connection of its own; it returns when the server has closed it.
var behaviours = map[string]func(*crowd, context.Context, net.Conn){
	"silent": func(_ *crowd, _ context.Context, c net.Conn) { untilClosed(c) },
	"hello": func(_ *crowd, _ context.Context, c net.Conn) {
		c.Write([]byte{0x16, 0x03, 0x01})
		untilClosed(c)
	},
	"header": func(w *crowd, _ context.Context, c net.Conn) {
		if s := w.shake(c); s != nil {
			io.WriteString(s, w.head()[:40])
			untilClosed(s)
		}
	},
	"body": func(w *crowd, ctx context.Context, c net.Conn) {
		s := w.shake(c)
		if s == nil {
			return
		}
		io.WriteString(s, w.head())
		for _, b := range w.body {
			if _, err := s.Write([]byte{b}); err != nil || ctx.Err() != nil {
				return
			}
			time.Sleep(time.Second)
		}
	},
	"large": func(w *crowd, _ context.Context, c net.Conn) {
		if s := w.shake(c); s != nil {
			io.WriteString(s, strings.Replace(w.head(), fmt.Sprint(len(w.body)), "6000000", 1))
			s.Write(make([]byte, 5_000_000))
			untilClosed(s)
		}
	},
	"unread": func(w *crowd, ctx context.Context, c net.Conn) {
		c.(*net.TCPConn).SetReadBuffer(4096)
		s := w.shake(c)
		for s != nil && ctx.Err() == nil {
			if _, err := s.Write(append([]byte(w.head()), w.body...)); err != nil {
				return
			}
		}
	},
}

func kinds() string {
	var names []string
	for name := range behaviours {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// start connects count clients and returns when they are all there, or after the time that they get for it.
func (w *crowd) start(ctx context.Context, kind string, count int, settle time.Duration) error {
	behave, known := behaviours[kind]
	if !known {
		return fmt.Errorf("no kind of bad client %q; there are %s", kind, kinds())
	}
	target, err := url.Parse(w.url)
	if err != nil {
		return err
	}
	for range count {
		go func() {
			for ctx.Err() == nil {
				w.visit(ctx, target.Host, behave)
				time.Sleep(3 * time.Second) // a crowd that stalls, not a flood of handshakes
			}
		}()
	}
	for end := time.Now().Add(settle); w.opened.Load() < int64(count) && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	return nil
}

func (w *crowd) visit(ctx context.Context, host string, behave func(*crowd, context.Context, net.Conn)) {
	connection, err := net.DialTimeout("tcp", host, 10*time.Second)
	if err != nil {
		return
	}
	defer connection.Close()
	w.opened.Add(1)
	w.held.Add(1)
	behave(w, ctx, connection)
	w.held.Add(-1)
	w.closed.Add(1)
}

func (w *crowd) shake(connection net.Conn) *tls.Conn {
	secured := tls.Client(connection, &tls.Config{RootCAs: w.trust, ServerName: "127.0.0.1", NextProtos: []string{"http/1.1"}})
	connection.SetDeadline(time.Now().Add(30 * time.Second))
	if secured.Handshake() != nil {
		return nil
	}
	connection.SetDeadline(time.Time{})
	return secured
}

func (w *crowd) head() string {
	return fmt.Sprintf("POST /inject HTTP/1.1\r\nHost: webhook\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(w.body))
}

func untilClosed(connection net.Conn) {
	io.Copy(io.Discard, connection)
}
