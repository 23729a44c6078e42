package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const name = "${{ values.name }}"

func get(app *App, path string) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	app.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
	return recorder
}

func expectStatus(t *testing.T, app *App, path string, status int) *httptest.ResponseRecorder {
	t.Helper()
	response := get(app, path)
	if response.Code != status {
		t.Fatalf("%s: got %d, want %d", path, response.Code, status)
	}
	return response
}

func TestAnswers(t *testing.T) {
	body := expectStatus(t, NewApp(name), "/", http.StatusOK).Body.String()
	if !strings.Contains(body, `{"service":"`+name+`"}`) {
		t.Fatalf("got %s", body)
	}
}

func TestSaysWhetherItLivesAndIsReady(t *testing.T) {
	app := NewApp(name)
	expectStatus(t, app, "/health/live", http.StatusOK)
	expectStatus(t, app, "/health/ready", http.StatusServiceUnavailable)
	app.SetReady(true)
	expectStatus(t, app, "/health/ready", http.StatusOK)
}

func TestAnswersWhatIsNotThereWithProblemDetails(t *testing.T) {
	response := expectStatus(t, NewApp(name), "/nothing-here", http.StatusNotFound)
	if kind := response.Header().Get("Content-Type"); kind != "application/problem+json" {
		t.Fatalf("got %s", kind)
	}
}

func TestMeasuresRequestsAsDashboardAndAlertsReadThem(t *testing.T) {
	app := NewApp(name)
	get(app, "/")
	get(app, "/health/live")
	metrics := get(app, "/metrics").Body.String()
	for _, wanted := range []string{
		`http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="200",http_route="/"} 1`,
		`le="0.5"`,
	} {
		if !strings.Contains(metrics, wanted) {
			t.Errorf("%s is not in\n%s", wanted, metrics)
		}
	}
	if strings.Contains(metrics, "/health") {
		t.Error("questions of the platform are measured")
	}
}
