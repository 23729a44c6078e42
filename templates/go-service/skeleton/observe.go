package main

import (
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// What OpenTelemetry advises, in seconds. An objective for latency has to be one of them.
var buckets = []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}

// observeRequests measures and traces every request, as dashboard and alerts read it.
func observeRequests(next *http.ServeMux, registry prometheus.Registerer) http.Handler {
	requests := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "http_server_request_duration_seconds",
		Help:    "Duration of HTTP server requests.",
		Buckets: buckets,
	}, []string{"http_request_method", "http_route", "http_response_status_code"})
	registry.MustRegister(requests)

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		// The pattern, not the path: paths are without number
		_, pattern := next.Handler(r)
		route := strings.TrimSuffix(pattern[strings.Index(pattern, " ")+1:], "{$}")
		if pattern == "/" {
			route = "unknown"
		}
		parent := otel.GetTextMapPropagator().Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		ctx, span := otel.Tracer("http").Start(parent, r.Method+" "+route,
			trace.WithSpanKind(trace.SpanKindServer),
			trace.WithAttributes(
				attribute.String("http.request.method", r.Method),
				attribute.String("http.route", route),
				attribute.String("url.path", r.URL.Path),
			))
		defer span.End()

		recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		func() {
			defer func() {
				if failure := recover(); failure != nil {
					// What went wrong inside is for the log
					slog.ErrorContext(ctx, "The request failed", "error", failure)
					writeProblem(recorder, http.StatusInternalServerError, "Something went wrong")
				}
			}()
			next.ServeHTTP(recorder, r.WithContext(ctx))
		}()

		span.SetAttributes(attribute.Int("http.response.status_code", recorder.status))
		if recorder.status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
		requests.WithLabelValues(r.Method, route, strconv.Itoa(recorder.status)).
			Observe(time.Since(started).Seconds())
	})
}

type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}
