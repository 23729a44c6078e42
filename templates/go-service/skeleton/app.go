package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// App is the service, without a port.
type App struct {
	name    string
	ready   atomic.Bool
	handler http.Handler
}

// NewApp makes the service. It is not ready until SetReady says so.
func NewApp(name string) *App {
	app := &App{name: name}
	registry := prometheus.NewRegistry()

	api := http.NewServeMux()
	api.HandleFunc("GET /{$}", app.readName)
	api.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, http.StatusNotFound, "There is nothing at this path")
	})

	// The platform asks every few seconds; its questions are neither logged nor measured
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health/live", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /health/ready", func(w http.ResponseWriter, _ *http.Request) {
		if app.ready.Load() {
			writeJSON(w, http.StatusOK, map[string]string{"status": "ready"})
		} else {
			writeJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "not ready"})
		}
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.Handle("/", observeRequests(api, registry))
	app.handler = mux
	return app
}

// SetReady says whether it can answer. Not while it starts or stops.
func (app *App) SetReady(ready bool) {
	app.ready.Store(ready)
}

func (app *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	app.handler.ServeHTTP(w, r)
}

func (app *App) readName(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"service": app.name})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	write(w, status, value)
}

// writeProblem answers with problem details, RFC 9457.
func writeProblem(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "application/problem+json")
	write(w, status, map[string]any{"type": "about:blank", "title": title, "status": status})
}

func write(w http.ResponseWriter, status int, value any) {
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(value); err != nil {
		slog.Warn("The answer could not be sent", "error", err)
	}
}
