// Command load sends admission reviews to a webhook as the API server does: Go's HTTP client, HTTP/1.1, kept connections, no retries
// of its own. Beside the good traffic it can play clients that misbehave. It prints one JSON object with what it saw.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"os/signal"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A review is one request body, and what its answer must hold.
type review struct {
	body   []byte
	uid    []byte
	inject bool
}

type report struct {
	Requests    int            `json:"requests"`
	Failed      int            `json:"failed"`
	Wrong       int            `json:"wrong"`
	Errors      map[string]int `json:"errors"`
	Statuses    map[int]int    `json:"statuses"`
	Seconds     float64        `json:"seconds"`
	P50         float64        `json:"p50_ms"`
	P99         float64        `json:"p99_ms"`
	Max         float64        `json:"max_ms"`
	Connections int64          `json:"connections"`
	BadOpened   int64          `json:"bad_opened"`
	BadClosed   int64          `json:"bad_closed"`
	BadHeld     int64          `json:"bad_held"`
}

// A tally is what one good client saw.
type tally struct {
	latencies []time.Duration
	errors    map[string]int
	statuses  map[int]int
	wrong     int
}

func main() {
	url := flag.String("url", "", "where to send reviews")
	ca := flag.String("ca", "", "file with the CA of the server")
	bodies := flag.String("bodies", "", "file with a line of JSON a review: uid, inject (whether the answer must hold a patch), review")
	connections := flag.Int("connections", 8, "good clients, each with one request in flight")
	seconds := flag.Float64("seconds", 3, "how long")
	pause := flag.Duration("pause", 0, "between two requests of a client")
	fresh := flag.Bool("fresh", false, "a connection for each request")
	wait := flag.Duration("timeout", 10*time.Second, "of a request")
	bad := flag.String("bad", "", "kind of misbehaving client: "+kinds())
	count := flag.Int("count", 0, "misbehaving clients")
	settle := flag.Duration("settle", 10*time.Second, "how long misbehaving clients may take to connect before the good traffic starts")
	flag.Parse()
	reviews, err := readReviews(*bodies)
	exitOn(err)
	trust, err := readTrust(*ca)
	exitOn(err)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	crowd := &crowd{url: *url, trust: trust, body: reviews[0].body}
	if *count > 0 {
		exitOn(crowd.start(ctx, *bad, *count, *settle))
	}
	ctx, end := context.WithTimeout(ctx, time.Duration(*seconds*float64(time.Second)))
	defer end()
	out := send(ctx, sender{*url, trust, reviews, *connections, *pause, *fresh, *wait})
	out.BadOpened, out.BadClosed, out.BadHeld = crowd.opened.Load(), crowd.closed.Load(), crowd.held.Load()
	exitOn(json.NewEncoder(os.Stdout).Encode(out))
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func readReviews(name string) ([]review, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var found []review
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var read struct {
			UID    string
			Inject bool
			Review json.RawMessage
		}
		if err := json.Unmarshal(lines.Bytes(), &read); err != nil {
			return nil, err
		}
		found = append(found, review{bytes.Clone(read.Review), []byte(`"uid":"` + read.UID + `"`), read.Inject})
	}
	if len(found) == 0 {
		return nil, errors.New("no reviews in " + name)
	}
	return found, lines.Err()
}

func readTrust(name string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("no certificate in " + name)
	}
	return pool, nil
}

type sender struct {
	url         string
	trust       *x509.CertPool
	reviews     []review
	connections int
	pause       time.Duration
	fresh       bool
	wait        time.Duration
}

func send(ctx context.Context, s sender) report {
	var dialled atomic.Int64
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	client := &http.Client{Timeout: s.wait, Transport: &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: s.trust},
		TLSNextProto:        map[string]func(string, *tls.Conn) http.RoundTripper{},
		MaxIdleConnsPerHost: max(25, s.connections),
		DisableKeepAlives:   s.fresh,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			dialled.Add(1)
			return dialer.DialContext(ctx, network, address)
		},
	}}
	tallies := make([]tally, s.connections)
	started := time.Now()
	var all sync.WaitGroup
	for i := range tallies {
		all.Go(func() { tallies[i] = s.client(ctx, client, i) })
	}
	all.Wait()
	out := sum(tallies, time.Since(started))
	out.Connections = dialled.Load()
	return out
}

// client sends one request after the other until the time is over; a request that has begun is waited for.
func (s sender) client(ctx context.Context, client *http.Client, first int) tally {
	seen := tally{errors: map[string]int{}, statuses: map[int]int{}}
	for i := first; ctx.Err() == nil; i++ {
		wanted := s.reviews[i%len(s.reviews)]
		started := time.Now()
		status, answer, err := post(client, s.url, wanted.body)
		seen.latencies = append(seen.latencies, time.Since(started))
		switch {
		case err != nil:
			seen.errors[name(err)]++
		case status != http.StatusOK:
			seen.errors[fmt.Sprintf("status %d", status)]++
		case !good(wanted, answer):
			seen.wrong++
			fmt.Fprintf(os.Stderr, "wrong answer: %.300s\n", answer)
		}
		seen.statuses[status]++
		if s.pause > 0 {
			time.Sleep(s.pause)
		}
	}
	return seen
}

func post(client *http.Client, url string, body []byte) (int, []byte, error) {
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json, */*")
	request.Header.Set("User-Agent", "kube-apiserver-admission")
	var used httptrace.GotConnInfo
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { used = info }}
	answer, err := client.Do(request.WithContext(httptrace.WithClientTrace(request.Context(), trace)))
	if err != nil {
		return 0, nil, &failure{err, used.Reused, used.IdleTime}
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	return answer.StatusCode, content, err
}

// A failure knows the connection it happened on.
type failure struct {
	error
	reused bool
	idle   time.Duration
}

func (f *failure) Unwrap() error { return f.error }

func (f *failure) where() string {
	switch {
	case !f.reused:
		return " on a new connection"
	case f.idle > time.Second:
		return " on a connection that had been idle for long"
	}
	return " on a connection in use"
}

func good(wanted review, answer []byte) bool {
	return bytes.Contains(answer, wanted.uid) && bytes.Contains(answer, []byte(`"allowed":true`)) &&
		bytes.Contains(answer, []byte(`"patch":"`)) == wanted.inject
}

// name tells what went wrong in the words of a small set, so that they can be counted.
func name(err error) string {
	var refusal *net.OpError
	var failed *failure
	where := ""
	if errors.As(err, &failed) {
		where = failed.where()
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.As(err, &refusal) && refusal.Op == "dial":
		return "dial: " + refusal.Err.Error()
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "cut: reset" + where
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "cut: EOF" + where
	case errors.Is(err, context.DeadlineExceeded), os.IsTimeout(err):
		return "timeout"
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err.Error()
}

func sum(tallies []tally, spent time.Duration) report {
	out := report{Errors: map[string]int{}, Statuses: map[int]int{}, Seconds: spent.Seconds()}
	var all []time.Duration
	for _, one := range tallies {
		all = append(all, one.latencies...)
		out.Wrong += one.wrong
		for text, n := range one.errors {
			out.Errors[text] += n
			out.Failed += n
		}
		for status, n := range one.statuses {
			out.Statuses[status] += n
		}
	}
	out.Requests = len(all)
	if len(all) > 0 {
		slices.Sort(all)
		at := func(share float64) float64 {
			return all[min(len(all)-1, int(float64(len(all))*share))].Seconds() * 1000
		}
		out.P50, out.P99, out.Max = at(0.5), at(0.99), all[len(all)-1].Seconds()*1000
	}
	return out
}
