package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	name := envOr("OTEL_SERVICE_NAME", "${{ values.name }}")
	var level slog.LevelVar
	if err := level.UnmarshalText([]byte(envOr("LOG_LEVEL", "info"))); err != nil {
		slog.Error("LOG_LEVEL is none of debug, info, warn and error", "error", err)
		os.Exit(1)
	}
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{Level: &level})))
	if err := run(name); err != nil {
		slog.Error("The service failed", "error", err)
		os.Exit(1)
	}
}

func run(name string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	stopTracing, err := startTracing(ctx, name)
	if err != nil {
		return err
	}
	app := NewApp(name)
	server := &http.Server{
		Addr:              ":" + envOr("PORT", "8080"),
		Handler:           app,
		ReadHeaderTimeout: 5 * time.Second,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	app.SetReady(true)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}

	slog.Info("Stopping")
	app.SetReady(false)
	// Open requests are answered first; the platform waits before it sends the signal
	end, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return errors.Join(server.Shutdown(end), stopTracing(end))
}

func envOr(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}
