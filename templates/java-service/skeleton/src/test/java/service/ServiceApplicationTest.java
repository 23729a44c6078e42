package service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.context.ApplicationContext;
import org.springframework.http.ResponseEntity;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureObservability(tracing = false)
class ServiceApplicationTest {

    @Autowired
    private TestRestTemplate http;

    @Autowired
    private ApplicationContext context;

    private ResponseEntity<String> get(String path) {
        return http.getForEntity(path, String.class);
    }

    @Test
    void answers() {
        assertThat(get("/").getBody()).isEqualTo("{\"service\":\"${{ values.name }}\"}");
    }

    @Test
    void saysWhetherItLivesAndIsReady() {
        assertThat(get("/health/live").getStatusCode().value()).isEqualTo(200);
        assertThat(get("/health/ready").getStatusCode().value()).isEqualTo(200);

        AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
        assertThat(get("/health/ready").getStatusCode().value()).isEqualTo(503);
        assertThat(get("/health/live").getStatusCode().value()).isEqualTo(200);
        AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
    }

    @Test
    void answersWhatIsNotThereWithProblemDetails() {
        ResponseEntity<String> response = get("/nothing-here");
        assertThat(response.getStatusCode().value()).isEqualTo(404);
        assertThat(response.getHeaders().getContentType()).hasToString("application/problem+json");
    }

    @Test
    void measuresRequestsAsDashboardAndAlertsReadThem() {
        get("/");
        assertThat(get("/metrics").getBody())
                .containsPattern(
                        "http_server_request_duration_seconds_count\\{http_request_method=\"GET\","
                                + "http_response_status_code=\"200\",http_route=\"/\"\\} ")
                .contains("le=\"0.5\"")
                .doesNotContain("http_route=\"/health");
    }
}
